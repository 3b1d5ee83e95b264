import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cell, cellOf, cellText, exitOfCells, failureLines } from '../matrix/cells.ts';
import { findImplementations, type Implementation, type Probe, probe, supports } from '../matrix/implementations.ts';
import { type Pair, pairsOf, runPairCell } from '../matrix/pairs.ts';
import { levelMatrix, pairMatrix } from '../matrix/print.ts';
import type { Level } from '../model.ts';
import { bundleName } from '../report/bundle.ts';
import { writeReport } from '../report/report.ts';
import { runAnyLevel } from '../run/any-level.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { finish } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { AdapterFailure } from '../zkcp/adapter.ts';
import { type Io, say } from './io.ts';
import { levelRunOptions } from './options.ts';

/** Options of `matrix`. */
export interface MatrixOptions {
  readonly impl?: string;
  readonly level?: Level;
  readonly implementations?: string;
  readonly reports?: string;
  readonly seed: string;
  readonly deadline: number;
  readonly startDeadline: number;
}

/** The levels at which one implementation is tested alone: its pure functions, and the roles that it claims. */
const SINGLE_LEVELS: readonly Level[] = ['vectors', 'relay', 'client'];

interface Probed {
  readonly implementation: Implementation;
  readonly probe: Probe;
}

async function probeAll({ impl, implementations: dir, startDeadline }: MatrixOptions): Promise<Probed[]> {
  const all = await findImplementations(dir);
  if (all.length === 0)
    throw new SuiteError(
      `the directory ${dir} has no adapters`,
      'name a directory that has a folder with an executable adapter: --implementations DIR',
      exitCodes.nothing,
    );
  if (impl !== undefined && !all.some(({ name }) => name === impl))
    throw new SuiteError(
      `there is no implementation ${impl}`,
      `name one of: ${all.map(({ name }) => name).join(', ')}`,
      exitCodes.usage,
    );
  const probed: Probed[] = [];
  for (const implementation of all) probed.push({ implementation, probe: await probe(implementation, startDeadline) });
  return probed;
}

function claiming(probed: readonly Probed[], role: string): Implementation[] {
  return probed
    .filter(({ probe: found }) => found.state === 'ready' && supports(found.info, role))
    .map(({ implementation }) => implementation);
}

/** The cell of a missing implementation: a failure in CI, elsewhere only a note. */
function missingCell(io: Io, { implementation: { name }, probe: found }: Probed, level: Level): Cell | undefined {
  if (found.state === 'ready') return undefined;
  if (found.state === 'broken')
    return { row: name, level, note: `broken: ${found.reason}`, exit: exitCodes.infrastructure };
  const exit = io.environment['CI'] === 'true' ? exitCodes.failures : exitCodes.conformant;
  return { row: name, level, note: `not-run: ${found.reason}`, exit };
}

async function runCell({ name: row, adapter }: Implementation, level: Level, options: MatrixOptions): Promise<Cell> {
  try {
    const { plan, results } = await runAnyLevel(level, levelRunOptions({ ...options, adapter }, []));
    return cellOf(row, finish(plan, results));
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    return { row, level, note: `broken: ${failure.message}`, exit: exitCodes.infrastructure };
  }
}

async function writeReports(io: Io, dir: string | undefined, { row, level, run }: Cell): Promise<void> {
  if (!run || dir === undefined) return;
  await mkdir(dir, { recursive: true });
  for (const [format, extension] of Object.entries({ html: 'html', json: 'json', junit: 'xml' }))
    await writeReport(run, { format, path: join(dir, `${bundleName(row)}-${level}.${extension}`) }, io.stdout);
}

/** The cells to run, each as a function. */
function* workOf(io: Io, probed: readonly Probed[], pairs: readonly Pair[], options: MatrixOptions) {
  const levels = SINGLE_LEVELS.filter((level) => options.level === undefined || level === options.level);
  for (const each of probed) {
    if (options.impl !== undefined && each.implementation.name !== options.impl) continue;
    for (const level of levels) {
      const missing = missingCell(io, each, level);
      if (missing) yield async () => missing;
      else if (level === 'vectors' || claiming([each], level).length > 0)
        yield () => runCell(each.implementation, level, options);
    }
  }
  // The adapter of a pair is client A, which runPairCell sets.
  for (const pair of pairs) yield () => runPairCell(pair, levelRunOptions({ ...options, adapter: '' }, []));
}

/** Runs every level against every implementation in the tree and prints the matrix. */
export async function matrixCommand(io: Io, options: MatrixOptions): Promise<ExitCode> {
  const from = performance.now();
  const probed = await probeAll(options);
  const withPairs = options.level === undefined || options.level === 'pair';
  const pairs = withPairs ? pairsOf(claiming(probed, 'client'), claiming(probed, 'relay'), options.impl) : [];
  const cells: Cell[] = [];
  for (const work of workOf(io, probed, pairs, options)) {
    const cell = await work();
    cells.push(cell);
    say(io, `${cell.row}, ${cell.level}: ${cellText(cell)}`);
    await writeReports(io, options.reports, cell);
  }
  if (cells.length === 0)
    throw new SuiteError(
      `nothing of ${options.impl ?? 'these implementations'} is tested at the level ${options.level}`,
      'let the adapter claim the role client or relay in its answer to hello',
      exitCodes.nothing,
    );
  const rows = [...new Set(cells.filter(({ level }) => level !== 'pair').map(({ row }) => row))];
  if (rows.length > 0) io.stdout.write(`\n${levelMatrix(rows, SINGLE_LEVELS, cells)}`);
  if (pairs.length > 0) io.stdout.write(`\n${pairMatrix(pairs, cells)}`);
  const failures = cells.flatMap(failureLines);
  if (failures.length > 0) io.stdout.write(`\n${failures.join('\n')}\n`);
  say(io, `${cells.length} cells in ${((performance.now() - from) / 1000).toFixed(0)} s; seed ${options.seed}`);
  return exitOfCells(cells);
}
