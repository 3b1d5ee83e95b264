import { randomBytes } from 'node:crypto';
import type { TestInfo } from '../model.ts';
import { type Adapter, AdapterFailure } from '../zkcp/adapter.ts';
import { judgementOf } from './judgement.ts';
import { isFailure, type Judgement, type Result, resultOf } from './result.ts';
import type { AdapterSupply } from './supply.ts';

export interface Execution<Test extends TestInfo> {
  readonly supply: AdapterSupply;
  readonly deadlineMs: number;
  /** Tests at once, where the adapter takes so many. */
  readonly concurrency: number;
  /** Asks what the test asks and judges the answer; what it throws is judged as `judgementOf` does. */
  readonly attempt: (test: Test, adapter: Adapter, log: string[]) => Promise<Judgement>;
}

/** Asks for a nonce back: the adapter must be as usable as before, and have said nothing else in between. */
export async function ping(adapter: Adapter, deadlineMs: number, log: string[]): Promise<Judgement | undefined> {
  const nonce = randomBytes(8).toString('hex');
  const answer = await adapter.ask('ping', { nonce }, deadlineMs, log);
  if ('ok' in answer && answer.ok['nonce'] === nonce) return undefined;
  return { verdict: 'protocol', expected: `the nonce ${nonce} back`, actual: JSON.stringify(answer) };
}

/** Of an adapter that goes on; what it wrote for others in flight is among it. */
const STDERR_LENGTH = 4096;

/** The end of what each of them wrote. */
export function stderrOf(adapters: readonly (Adapter | undefined)[]): string {
  return adapters.map((adapter) => adapter?.stderr.slice(-STDERR_LENGTH) ?? '').join('');
}

interface Measured {
  readonly result: Result;
  readonly failure: AdapterFailure | undefined;
}

/** A test with its verdict, whatever it throws. */
export async function measured<Test extends TestInfo>(
  test: Test,
  attempt: (log: string[]) => Promise<Judgement>,
  adapter?: Adapter,
): Promise<Measured> {
  const log: string[] = [];
  const from = performance.now();
  const took = () => ({ log, durationMs: performance.now() - from });
  try {
    const { stderr: others = '', ...judgement } = await attempt(log);
    const result = resultOf(test, judgement, took());
    const stderr = isFailure(result) ? stderrOf([adapter]) + others : '';
    return { result: stderr === '' ? result : { ...result, stderr }, failure: undefined };
  } catch (error) {
    const failure = error instanceof AdapterFailure ? error : undefined;
    return { result: resultOf(test, judgementOf(error), { ...took(), stderr: failure?.stderr }), failure };
  }
}

/**
 * As many at once as the adapter takes, until the queue is empty or it is gone: then those that were not done, or just
 * done, are returned.
 */
async function runTogether<Test extends TestInfo>(
  queue: Test[],
  adapter: Adapter,
  { attempt, concurrency }: Execution<Test>,
  results: Map<string, Result>,
): Promise<Test[]> {
  const inFlight: Test[] = [];
  const work = async () => {
    for (let test = queue.shift(); test; test = adapter.isAlive ? queue.shift() : undefined) {
      const each = test;
      const { result } = await measured(each, (log) => attempt(each, adapter, log), adapter);
      if (!adapter.isAlive) inFlight.push(each);
      else results.set(each.id, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, adapter.info.limits.max_in_flight) }, work));
  return inFlight;
}

/** A test by itself, and a ping behind it. Undefined when there is no adapter any more. */
async function runAlone<Test extends TestInfo>(
  test: Test,
  execution: Execution<Test>,
): Promise<{ readonly result: Result; readonly isCulprit: boolean } | undefined> {
  const { supply, attempt, deadlineMs } = execution;
  const before = supply.adapter;
  const adapter = await supply.take();
  if (!adapter) return undefined;
  const attemptAlone = async (log: string[]) => {
    const judgement = await attempt(test, adapter, log);
    return (await ping(adapter, deadlineMs, log)) ?? judgement;
  };
  const { result, failure } = await measured(test, attemptAlone, adapter);
  const hasFailed = failure !== undefined || result.verdict === 'protocol';
  const isFresh = adapter !== before;
  // An earlier request may have ended the adapter late: only a fresh process shows the cause.
  const judged =
    isFresh || adapter.isAlive ? { result, isCulprit: hasFailed && isFresh } : await runAlone(test, execution);
  if (judged?.isCulprit) supply.explain(adapter);
  return judged;
}

/** Runs each test by itself. True when one of them is the cause of the adapter's failure. */
async function runSingly<Test extends TestInfo>(
  tests: readonly Test[],
  execution: Execution<Test>,
  results: Map<string, Result>,
): Promise<boolean> {
  let isExplained = false;
  for (const test of tests) {
    const alone = await runAlone(test, execution);
    if (!alone) break;
    results.set(test.id, alone.result);
    isExplained ||= alone.isCulprit;
  }
  return isExplained;
}

/**
 * Runs tests on the adapter, many in flight. When it fails, those in flight run again one by one, so that the failure
 * falls on its culprit alone, or on none of them: then the supply keeps it as a stray. What the budget of restarts does
 * not reach is `not-run`. One result for each, in the order given.
 */
export async function execute<Test extends TestInfo>(
  tests: readonly Test[],
  execution: Execution<Test>,
): Promise<Result[]> {
  const { supply } = execution;
  const queue = [...tests];
  const results = new Map<string, Result>();
  while (queue.length > 0) {
    const adapter = await supply.take();
    if (!adapter) break;
    const inFlight = await runTogether(queue, adapter, execution, results);
    if (!adapter.isAlive && (await runSingly(inFlight, execution, results))) supply.explain(adapter);
  }
  const notRun = (test: Test) => resultOf(test, { verdict: 'not-run', detail: supply.whyGone });
  return tests.map((test) => results.get(test.id) ?? notRun(test));
}

/** Runs tests that need no adapter, `concurrency` at once. One result for each, in the order given. */
export async function executeAlone<Test extends TestInfo>(
  tests: readonly Test[],
  concurrency: number,
  attempt: (test: Test, log: string[]) => Promise<Judgement>,
): Promise<Result[]> {
  const queue = [...tests.entries()];
  const results: Result[] = [];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, test] = next;
      results[index] = (await measured(test, (log) => attempt(test, log))).result;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}
