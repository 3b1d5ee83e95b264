import { faults as allFaults } from '../faulty/faults.ts';
import type { Level } from '../model.ts';
import { countsText } from '../report/explain.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { isBlocking } from '../run/result.ts';
import { matches } from '../run/select.ts';
import { SuiteError } from '../run/suite-error.ts';
import { Workspace } from '../run/workspace.ts';
import type { Kill } from '../selftest/kill.ts';
import { killMatrix } from '../selftest/matrix.ts';
import { checkReference, isClean, killFault, type SelftestOptions } from '../selftest/selftest.ts';
import { type Io, say } from './io.ts';

export interface SelftestCommandOptions {
  readonly level?: Level;
  readonly only: readonly string[];
  readonly seed: string;
  readonly deadline: number;
  readonly startDeadline: number;
}

/** One for each processor of a small machine. */
const AT_ONCE = 2;

async function checkReferences(io: Io, levels: readonly Level[], options: SelftestOptions): Promise<boolean> {
  let areClean = true;
  for (const level of levels) {
    const run = await checkReference(level, options);
    const verdict = isClean(run) ? 'clean' : 'NOT CLEAN';
    io.stdout.write(`reference, ${level}: ${verdict}, ${countsText(run)} in ${(run.durationMs / 1000).toFixed(1)} s\n`);
    for (const { test, verdict: each, actual, detail } of run.results.filter(isBlocking))
      io.stdout.write(`  ${each} ${test.id}: ${actual ?? detail ?? ''}\n`);
    for (const warning of run.warnings) io.stdout.write(`  warning: ${warning}\n`);
    areClean &&= isClean(run);
  }
  return areClean;
}

async function killAll(io: Io, faults: typeof allFaults, options: SelftestOptions): Promise<Kill[]> {
  const queue = [...faults.entries()];
  const kills: Kill[] = [];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, fault] = next;
      const kill = await killFault(fault, options);
      kills[index] = kill;
      const found = kill.complaint ?? `found by ${kill.killers.length} tests, as named`;
      io.stdout.write(
        `${kill.complaint ? 'NOT ' : ''}ok ${fault.name}: ${found} in ${(kill.durationMs / 1000).toFixed(1)} s\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return kills;
}

/** Runs the references, which must be clean, and every faulty implementation, which its named detector must find. */
export async function selftestCommand(io: Io, options: SelftestCommandOptions): Promise<ExitCode> {
  const { level, only, seed, deadline: deadlineMs, startDeadline: startDeadlineMs } = options;
  const faults = allFaults.filter(
    (fault) =>
      (level === undefined || fault.level === level) &&
      (only.length === 0 || only.some((pattern) => matches(fault.name, pattern))),
  );
  if (faults.length === 0)
    throw new SuiteError(
      'no such fault',
      `faults are ${allFaults.map(({ name }) => name).join(', ')}`,
      exitCodes.nothing,
    );
  const workspace = new Workspace();
  try {
    const cacheDir = await workspace.directory();
    return await prove(io, faults, { seed, deadlineMs, startDeadlineMs, cacheDir });
  } finally {
    await workspace.remove();
  }
}

async function prove(io: Io, faults: typeof allFaults, given: SelftestOptions): Promise<ExitCode> {
  const areClean = await checkReferences(io, [...new Set(faults.map((fault) => fault.level))], given);
  const kills = await killAll(io, faults, given);
  io.stdout.write(`\n${killMatrix(kills)}\n`);
  const alive = kills.filter(({ complaint }) => complaint !== undefined);
  for (const { fault, complaint } of alive) io.stdout.write(`${fault.name} (${fault.what}): ${complaint}\n`);
  say(
    io,
    `${kills.length} faults, ${alive.length} not killed as named; references ${areClean ? 'clean' : 'not clean'}`,
  );
  return areClean && alive.length === 0 ? exitCodes.conformant : exitCodes.selfCheck;
}
