import { randomBytes } from 'node:crypto';
import type { Level, TestInfo } from '../model.ts';
import type { Adapter } from '../zkcp/adapter.ts';
import { adapterTests, bye, judgeAdapter, knownTests, unknownOp } from './adapter-tests.ts';
import { execute, measured } from './execute.ts';
import { type Judgement, type Result, resultOf } from './result.ts';
import { ADAPTER_AREA, type Plan } from './run.ts';
import { select, unmatched } from './select.ts';
import { shellCommand, shellWord } from './shell.ts';
import { shuffle } from './shuffle.ts';
import { AdapterSupply, restartBudget, type SupplyOptions } from './supply.ts';

/** The version of the protocol that the suite tests. */
const SUITE = '1';

/** Options of a run of any level with an adapter. */
export interface LevelRunOptions {
  /** A shell command. */
  readonly adapter: string;
  readonly only: readonly string[];
  readonly seed: string;
  /** For each request of the runner itself. */
  readonly deadlineMs: number;
  /** To build and to say hello. */
  readonly startDeadlineMs: number;
  /** Further options of the command line that a test depends on, as their text: ` --deadline 5000`. */
  readonly given?: string;
  /** Times that the adapter may be started again; in proportion to the tests when it is left out. */
  readonly restarts?: number;
  /** Keeps every line of every test: a recording needs them. */
  readonly keepsAll?: boolean;
}

export interface LevelRun<Test extends TestInfo> {
  readonly level: Level;
  readonly all: readonly Test[];
  readonly concurrency: number;
  /** The level and its options up to the adapter's command; `<level> --adapter` when it is left out. */
  readonly repeat?: string;
  /** SHA-256 of the vector files. */
  readonly vectorsDigest?: string;
  readonly attempt: (test: Test, adapter: Adapter, log: string[]) => Promise<Judgement>;
  /** Verdicts that depend on other verdicts. */
  readonly settle?: (tests: readonly Test[], results: readonly Result[]) => Result[];
}

export interface Done {
  readonly plan: Plan;
  readonly results: readonly Result[];
}

/** Settings for the start of every adapter of a run. */
export function startOptionsOf(
  { deadlineMs, startDeadlineMs, keepsAll }: LevelRunOptions,
  vectorsDigest = '',
): SupplyOptions {
  const hello = { suite: SUITE, vectors_digest: vectorsDigest, run_nonce: randomBytes(16).toString('hex') };
  return { deadlineMs, startDeadlineMs, keepsAll, hello };
}

/** The options that bring a test about again, behind the command and its adapter. */
export function repeatOptions(only: readonly string[], seed: string): string {
  return [...only.map((pattern) => `--only ${shellWord(pattern)}`), `--seed ${shellWord(seed)}`].join(' ');
}

/** The selection that repeats a test. Tests of the adapter are part of every run, and depend on the other tests. */
function selectionFor(id: string, all: readonly TestInfo[], only: readonly string[]): readonly string[] {
  if (!id.startsWith(ADAPTER_AREA)) return [id];
  const unknown = unmatched(all, only);
  return only.filter((pattern) => !unknown.includes(pattern));
}

/** Nobody reads what was said in a test that passed. */
function withoutLogOfPass(result: Result): Result {
  return result.verdict === 'pass' ? { ...result, log: [] } : result;
}

async function judgeAdapterTests<Test extends TestInfo>(
  { level, all }: LevelRun<Test>,
  supply: AdapterSupply,
  deadlineMs: number,
): Promise<readonly Result[]> {
  const attempt = (test: TestInfo, adapter: Adapter, log: string[]) =>
    judgeAdapter(test, adapter, { level, all, deadlineMs, stray: supply.stray }, log);
  const results = await execute([unknownOp], { supply, deadlineMs, concurrency: 1, attempt });
  for (const test of knownTests)
    results.push((await measured(test, (log) => attempt(test, supply.adapter, log))).result);
  const adapter = await supply.take();
  if (!adapter) return [...results, resultOf(bye, { verdict: 'not-run', detail: supply.whyGone })];
  return [...results, (await measured(bye, (log) => attempt(bye, adapter, log))).result];
}

/** Runs the selected tests of a level on an adapter. Throws `AdapterFailure` when it does not even say hello. */
export async function runLevel<Test extends TestInfo & { readonly twin?: string | undefined }>(
  run: LevelRun<Test>,
  options: LevelRunOptions,
): Promise<Done> {
  const startedAtMs = Date.now();
  const { seed, deadlineMs, adapter, only, given = '' } = options;
  const command = `0k-conformance ${run.repeat ?? `${run.level} --adapter`} ${shellWord(adapter)}${given}`;
  const tests = shuffle(select(run.all, only), seed);
  const start = startOptionsOf(options, run.vectorsDigest);
  const supply = await AdapterSupply.start(
    shellCommand(adapter),
    start,
    options.restarts ?? restartBudget(tests.length),
  );
  try {
    const plan: Plan = {
      level: run.level,
      subject: supply.adapter.info.impl,
      seed,
      all: run.all,
      planned: [...tests, ...adapterTests],
      repeat: (id) => `${command} ${repeatOptions(selectionFor(id, run.all, only), seed)}`,
      startedAtMs,
    };
    const { concurrency, attempt } = run;
    const results = await execute(tests, { supply, deadlineMs, concurrency, attempt });
    const settled = run.settle?.(tests, results) ?? results;
    const all = [...settled, ...(await judgeAdapterTests(run, supply, deadlineMs))];
    return { plan, results: options.keepsAll ? all : all.map(withoutLogOfPass) };
  } finally {
    await supply.stop();
  }
}
