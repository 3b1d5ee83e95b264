import type { Level } from '../model.ts';
import { countsText } from '../report/explain.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { isFailure } from '../run/result.ts';
import type { Run } from '../run/run.ts';

/** One implementation at one level, or one pair. */
export interface Cell {
  readonly row: string;
  readonly level: Level;
  readonly run?: Run;
  /** The reason for a missing run. */
  readonly note?: string;
  readonly exit: ExitCode;
}

/** The cell of a finished run. */
export function cellOf(row: string, run: Run): Cell {
  return { row, level: run.level, run, exit: run.exit };
}

const MS_PER_SECOND = 1000;

/** `812 pass 4.1 s`, or why there is nothing. */
export function cellText({ run, note }: Cell): string {
  if (!run) return note ?? '';
  return `${run.exit === exitCodes.conformant ? 'ok' : 'NOT OK'}: ${countsText(run) || 'nothing'}, ${(run.durationMs / MS_PER_SECOND).toFixed(1)} s`;
}

/** The tests of a cell that did not pass, each with the command that repeats it. */
export function failureLines({ row, run, note, exit }: Cell): string[] {
  if (!run) return exit === exitCodes.conformant ? [] : [`${row}: ${note ?? ''}`];
  const failures = run.results.filter(isFailure).map((result) => {
    const said = result.actual ?? result.detail ?? '';
    return `${row}, ${run.level}: ${result.verdict} ${result.test.id}: ${said.split('\n')[0]}\n  ${run.repeat(result.test.id)}`;
  });
  return [...failures, ...run.complaints, ...(run.broken ? [run.broken] : [])];
}

/** The gravest first. */
const GRAVITY: readonly ExitCode[] = [
  exitCodes.selfCheck,
  exitCodes.failures,
  exitCodes.infrastructure,
  exitCodes.nothing,
];

/** The exit code of all cells; 5 when none of them has proven anything. */
export function exitOfCells(cells: readonly Cell[]): ExitCode {
  const gravest = GRAVITY.find((exit) => cells.some((cell) => cell.exit === exit));
  if (gravest !== undefined) return gravest;
  return cells.some(({ run }) => run) ? exitCodes.conformant : exitCodes.nothing;
}
