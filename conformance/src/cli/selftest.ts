import { testsOf } from '../levels.ts';
import type { Level } from '../model.ts';
import type { Fault } from '../planted/fault.ts';
import { faults as allFaults } from '../planted/faults.ts';
import { checkMutation, hasSources } from '../planted/mutation.ts';
import { oneLine } from '../report/escape.ts';
import { countsText } from '../report/explain.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { isBlocking } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { matches } from '../run/select.ts';
import { SuiteError } from '../run/suite-error.ts';
import { Workspace } from '../run/workspace.ts';
import { type ChildOptions, runLevels } from '../selftest/children.ts';
import { coverageText, neverKilled } from '../selftest/coverage.ts';
import type { Kill } from '../selftest/kill.ts';
import { killMatrix } from '../selftest/matrix.ts';
import { checkKitRelay, checkReference, isClean, killFault, type SelftestOptions } from '../selftest/selftest.ts';
import { type Io, say } from './io.ts';

/** Options of `selftest`. */
export interface SelftestCommandOptions extends ChildOptions {
  readonly level?: Level;
}

/** Faults at once. Most wait for what a faulty implementation never does: that costs time and no processor. */
const AT_ONCE: Readonly<Record<Level, number>> = { vectors: 2, relay: 4, client: 6, pair: 3 };

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function sayReference(io: Io, name: string, run: Run): void {
  const verdict = isClean(run) ? 'clean' : 'NOT CLEAN';
  io.stdout.write(`reference, ${name}: ${verdict}, ${countsText(run)} in ${seconds(run.durationMs)}\n`);
  for (const { test, verdict: each, actual, detail } of run.results.filter(isBlocking))
    say(io, `${name}: ${each} ${test.id}: ${oneLine(actual ?? detail ?? '')}`);
  for (const warning of run.warnings) say(io, `${name}: warning: ${warning}`);
}

async function checkReferences(io: Io, level: Level, options: SelftestOptions): Promise<boolean> {
  const run = await checkReference(level, options);
  sayReference(io, level, run);
  if (level !== 'relay') return isClean(run);
  const kit = await checkKitRelay(options);
  sayReference(io, 'relay in memory', kit);
  return isClean(run) && isClean(kit);
}

async function killAll(io: Io, level: Level, faults: readonly Fault[], options: SelftestOptions): Promise<Kill[]> {
  const queue = [...faults.entries()];
  const kills: Kill[] = [];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, fault] = next;
      const kill = await killFault(fault, options);
      kills[index] = kill;
      const found = kill.complaint ?? `found by ${kill.killers.length} tests, as named`;
      io.stdout.write(`${kill.complaint ? 'NOT ' : ''}ok ${fault.name}: ${found} in ${seconds(kill.durationMs)}\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE[level] }, work));
  return kills;
}

/**
 * Runs the references, which must be clean, and every faulty implementation, which its named detector must find. Levels
 * run side by side, each in a process of its own: one that computes does not let another's answers be late.
 */
export async function selftestCommand(io: Io, options: SelftestCommandOptions): Promise<ExitCode> {
  const { level: wanted, only, seed, deadline: deadlineMs, startDeadline: startDeadlineMs } = options;
  const named = allFaults.filter(
    (fault) =>
      (wanted === undefined || fault.level === wanted) &&
      (only.length === 0 || only.some((pattern) => matches(fault.name, pattern))),
  );
  const faults = hasSources() ? named : named.filter(({ mutations }) => mutations === undefined);
  const [level, ...more] = new Set(faults.map((fault) => fault.level));
  if (level === undefined)
    throw new SuiteError(
      'no such fault',
      `faults are ${allFaults.map(({ name }) => name).join(', ')}`,
      exitCodes.nothing,
    );
  if (more.length > 0) return runLevels([level, ...more], options, io);
  if (faults.length < named.length)
    io.stdout.write(`${named.length - faults.length} faults change sources, which only a checkout has: skipped\n`);
  for (const { mutations = [] } of faults) mutations.forEach(checkMutation);
  const workspace = new Workspace();
  try {
    const cacheDir = await workspace.directory();
    return await prove(io, level, faults, { seed, deadlineMs, startDeadlineMs, cacheDir });
  } finally {
    await workspace.remove();
  }
}

/** Returns true when every scenario of the level found a fault. Vectors and partial runs always pass. */
async function checkCoverage(io: Io, level: Level, kills: readonly Kill[]): Promise<boolean> {
  const isWhole = kills.length === allFaults.filter((fault) => fault.level === level).length;
  if (level === 'vectors' || !isWhole) return true;
  const scenarios = await testsOf(level);
  io.stdout.write(`${coverageText(scenarios, kills)}\n`);
  return neverKilled(scenarios, kills).length === 0;
}

async function prove(io: Io, level: Level, faults: readonly Fault[], given: SelftestOptions): Promise<ExitCode> {
  const areClean = await checkReferences(io, level, given);
  const kills = await killAll(io, level, faults, given);
  io.stdout.write(`\n${killMatrix(kills)}\n`);
  const alive = kills.filter(({ complaint }) => complaint !== undefined);
  for (const { fault, complaint } of alive) say(io, `${fault.name} (${fault.what}): ${complaint}`);
  const isCovered = await checkCoverage(io, level, kills);
  say(
    io,
    `${level}: ${kills.length} faults, ${alive.length} not killed as named; references ${areClean ? 'clean' : 'not clean'}; seed ${given.seed}`,
  );
  return areClean && alive.length === 0 && isCovered ? exitCodes.conformant : exitCodes.selfCheck;
}
