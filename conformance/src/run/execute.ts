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

/** A failure of the adapter that no single test brings about, with the last lines before it. */
export interface Stray {
  readonly failure: AdapterFailure;
  readonly log: readonly string[];
}

export interface Executed {
  /** One for each test, in the order given. */
  readonly results: Result[];
  readonly stray: readonly Stray[];
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

async function measured<Test extends TestInfo>(
  test: Test,
  attempt: (log: string[]) => Promise<Judgement>,
  adapter?: Adapter,
): Promise<{ result: Result; failure: AdapterFailure | undefined }> {
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

/** A test that was not done, or just done, when the adapter went. */
interface InFlight<Test> {
  readonly test: Test;
  readonly result: Result;
  readonly failure: AdapterFailure | undefined;
}

/** As many at once as the adapter takes, until the queue is empty or it is gone: then those in flight are returned. */
async function runTogether<Test extends TestInfo>(
  queue: Test[],
  adapter: Adapter,
  { attempt, concurrency }: Execution<Test>,
  results: Map<string, Result>,
): Promise<InFlight<Test>[]> {
  const inFlight: InFlight<Test>[] = [];
  const work = async () => {
    for (let test = queue.shift(); test; test = adapter.isAlive ? queue.shift() : undefined) {
      const each = test;
      const { result, failure } = await measured(each, (log) => attempt(each, adapter, log), adapter);
      if (!adapter.isAlive) inFlight.push({ test: each, result, failure });
      else results.set(each.id, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, adapter.info.limits.max_in_flight) }, work));
  return inFlight;
}

/** Each by itself, and a ping behind it: whatever goes wrong then is its own doing. True when something did. */
async function runSingly<Test extends TestInfo>(
  tests: readonly Test[],
  execution: Execution<Test>,
  results: Map<string, Result>,
): Promise<boolean> {
  let isExplained = false;
  for (const test of tests) {
    const adapter = await execution.supply.take();
    if (!adapter) break;
    const attempt = async (log: string[]) => {
      const judgement = await execution.attempt(test, adapter, log);
      return (await ping(adapter, execution.deadlineMs, log)) ?? judgement;
    };
    const { result, failure } = await measured(test, attempt, adapter);
    results.set(test.id, result);
    isExplained ||= failure !== undefined || result.verdict === 'protocol';
  }
  return isExplained;
}

/**
 * Runs tests on the adapter, many in flight. When it fails, those in flight run again one by one, so that the failure
 * falls on its culprit alone; what the budget of restarts does not reach is `not-run`.
 */
export async function execute<Test extends TestInfo>(
  tests: readonly Test[],
  execution: Execution<Test>,
): Promise<Executed> {
  const queue = [...tests];
  const results = new Map<string, Result>();
  const stray: Stray[] = [];
  while (queue.length > 0) {
    const adapter = await execution.supply.take();
    if (!adapter) break;
    const inFlight = await runTogether(queue, adapter, execution, results);
    const { failure } = adapter;
    if (!failure) continue;
    const [only] = inFlight;
    if (only?.failure && inFlight.length === 1) results.set(only.test.id, only.result);
    else if (
      !(await runSingly(
        inFlight.map(({ test }) => test),
        execution,
        results,
      ))
    )
      stray.push({ failure, log: adapter.log });
  }
  const notRun = (test: Test) => resultOf(test, { verdict: 'not-run', detail: execution.supply.whyGone });
  return { results: tests.map((test) => results.get(test.id) ?? notRun(test)), stray };
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
