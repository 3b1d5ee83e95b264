import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cell, cellOf, cellText, exitOfCells, failureLines } from '../matrix/cells.ts';
import { findImplementations, type Implementation, type Probe, probe, supports } from '../matrix/implementations.ts';
import type { Level } from '../model.ts';
import { writeReport } from '../report/report.ts';
import { runAnyLevel } from '../run/any-level.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { finish } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { tableText } from '../selftest/matrix.ts';
import { AdapterFailure } from '../zkcp/adapter.ts';
import { type Io, say } from './io.ts';
import { levelRunOptions } from './options.ts';

export interface MatrixOptions {
  readonly impl?: string;
  readonly level?: Level;
  readonly implementations?: string;
  readonly reports?: string;
  readonly seed: string;
  readonly deadline: number;
  readonly startDeadline: number;
}

/** What an implementation is tested at: always its pure functions, and the roles that it claims. */
const SINGLE_LEVELS: readonly Level[] = ['vectors', 'relay', 'client'];

async function chosen({ impl, implementations }: MatrixOptions): Promise<Implementation[]> {
  const all = await findImplementations(implementations);
  if (all.length === 0)
    throw new SuiteError(
      'there are no implementations here',
      'name the directory of directories with an executable adapter: --implementations DIR',
      exitCodes.nothing,
    );
  const some = impl === undefined ? all : all.filter(({ name }) => name === impl);
  if (some.length > 0) return some;
  throw new SuiteError(
    `there is no implementation ${impl}`,
    `there are ${all.map(({ name }) => name).join(', ')}`,
    exitCodes.usage,
  );
}

/** A missing toolchain is a failure where somebody decided what must be there. */
function missingCell(io: Io, row: string, level: Level, found: Exclude<Probe, { state: 'ready' }>): Cell {
  if (found.state === 'broken') return { row, level, note: `broken: ${found.reason}`, exit: exitCodes.infrastructure };
  const exit = io.environment['CI'] === 'true' ? exitCodes.failures : exitCodes.conformant;
  return { row, level, note: `not-run: ${found.reason}`, exit };
}

async function runCell(row: Implementation, level: Level, options: MatrixOptions): Promise<Cell> {
  try {
    const { plan, results } = await runAnyLevel(level, levelRunOptions({ ...options, adapter: row.adapter }, []));
    return cellOf(row.name, finish(plan, results));
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    return { row: row.name, level, note: `broken: ${failure.message}`, exit: exitCodes.infrastructure };
  }
}

async function writeReports(io: Io, dir: string, { row, level, run }: Cell): Promise<void> {
  if (!run) return;
  await mkdir(dir, { recursive: true });
  for (const [format, extension] of Object.entries({ html: 'html', json: 'json', junit: 'xml' }))
    await writeReport(run, { format, path: join(dir, `${row}-${level}.${extension}`) }, io.stdout);
}

function printMatrix(io: Io, rows: readonly string[], cells: readonly Cell[]): void {
  const levels = SINGLE_LEVELS.filter((level) => cells.some((cell) => cell.level === level));
  const table = rows.map((row) => [
    row,
    ...levels.map((level) => {
      const cell = cells.find((each) => each.row === row && each.level === level);
      return cell ? cellText(cell) : '–';
    }),
  ]);
  io.stdout.write(`\n${tableText([['implementation', ...levels], ...table])}`);
}

/** Runs every level against every implementation in the tree and prints the matrix. */
export async function matrixCommand(io: Io, options: MatrixOptions): Promise<ExitCode> {
  const from = performance.now();
  const levels = options.level === undefined ? SINGLE_LEVELS : [options.level];
  const implementations = await chosen(options);
  const cells: Cell[] = [];
  for (const implementation of implementations) {
    const found = await probe(implementation, options.startDeadline);
    for (const level of levels) {
      if (found.state === 'ready' && level !== 'vectors' && !supports(found.info, level)) continue;
      const cell =
        found.state === 'ready'
          ? await runCell(implementation, level, options)
          : missingCell(io, implementation.name, level, found);
      cells.push(cell);
      say(io, `${cell.row}, ${level}: ${cellText(cell)}`);
      if (options.reports !== undefined) await writeReports(io, options.reports, cell);
      if (found.state !== 'ready') break;
    }
  }
  printMatrix(
    io,
    implementations.map(({ name }) => name),
    cells,
  );
  const failures = cells.flatMap(failureLines);
  if (failures.length > 0) io.stdout.write(`\n${failures.join('\n')}\n`);
  say(io, `${cells.length} cells in ${((performance.now() - from) / 1000).toFixed(0)} s; seed ${options.seed}`);
  return exitOfCells(cells);
}
