import { fileURLToPath } from 'node:url';
import type { Level } from '../model.ts';
import type { Fault } from '../planted/fault.ts';
import { honestRelay, relayWith } from '../planted/relay/plant.ts';
import { runAnyLevel } from '../run/any-level.ts';
import { exitCodes } from '../run/exit.ts';
import type { Done, LevelRunOptions } from '../run/level-run.ts';
import type { Result } from '../run/result.ts';
import { finish, type Run } from '../run/run.ts';
import { shellWord } from '../run/shell.ts';
import { AdapterFailure } from '../zkcp/adapter.ts';
import { HELLO, judgeKill, type Kill, killersOf } from './kill.ts';
import { runKitRelay } from './kit-relay.ts';

/** Enough to find the culprit of whatever a fault does; more would only repeat it. */
const RESTARTS = 15;

export interface SelftestOptions {
  readonly seed: string;
  readonly deadlineMs: number;
  readonly startDeadlineMs: number;
  /** Directory of Node's compile cache, since the same modules start again and again. */
  readonly cacheDir: string;
}

/** A program of this package as a shell command, on the Node and with the conditions that this process has. */
function ownProgram(specifier: string, cacheDir: string, args: readonly string[] = []): string {
  const program = fileURLToPath(import.meta.resolve(specifier));
  return `NODE_COMPILE_CACHE=${shellWord(cacheDir)} ${[process.execPath, ...process.execArgv, program, ...args].map(shellWord).join(' ')}`;
}

function runOptions(adapter: string, { seed, deadlineMs, startDeadlineMs }: SelftestOptions): LevelRunOptions {
  return { adapter, only: [], seed, deadlineMs, startDeadlineMs };
}

function reference(cacheDir: string): string {
  return ownProgram('@0k-sync/conformance/adapter', cacheDir);
}

/** Runs a level on an adapter. Of a pair it is client A, and client B is the reference. */
async function runOn(level: Level, options: LevelRunOptions, cacheDir: string): Promise<Done> {
  if (level !== 'pair') return runAnyLevel(level, options);
  const [{ runPair }, { scenarios }] = await Promise.all([import('../run/pair.ts'), import('../suites/pair/index.ts')]);
  return runPair(scenarios, { ...options, b: reference(cacheDir), mode: 'hybrid' });
}

/** Runs the reference, which must be clean. */
export async function checkReference(level: Level, options: SelftestOptions): Promise<Run> {
  const { cacheDir } = options;
  const { plan, results } = await runOn(level, runOptions(reference(cacheDir), options), cacheDir);
  return finish(plan, results);
}

/** Runs an honest relay of the suite's own in memory: a second one that must be clean, and shares no code with the first. */
export async function checkKitRelay({ seed }: SelftestOptions): Promise<Run> {
  const { plan, results } = await runKitRelay(honestRelay, { only: [], seed });
  return finish(plan, results);
}

export function isClean(run: Run): boolean {
  return run.exit === exitCodes.conformant && run.warnings.length === 0;
}

async function resultsOf(fault: Fault, options: SelftestOptions): Promise<readonly Result[]> {
  // A mistake in a role spreads to whatever uses it: only the detectors it names are asked about it.
  const only = fault.level === 'vectors' ? [] : fault.killedBy;
  if (fault.level === 'relay') return (await runKitRelay(await relayWith(fault), { only, seed: options.seed })).results;
  const adapter = ownProgram('@0k-sync/conformance/planted', options.cacheDir, ['--fault', fault.name]);
  const given = { ...runOptions(adapter, options), only, restarts: RESTARTS };
  return (await runOn(fault.level, given, options.cacheDir)).results;
}

/** Runs one faulty implementation: relays in memory, whatever else as a process. */
export async function killFault(fault: Fault, options: SelftestOptions): Promise<Kill> {
  const from = performance.now();
  try {
    return judgeKill(fault, killersOf(await resultsOf(fault, options)), performance.now() - from);
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    return judgeKill(fault, [{ id: HELLO, verdict: failure.kind }], performance.now() - from);
  }
}
