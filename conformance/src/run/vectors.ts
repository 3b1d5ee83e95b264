import type { VectorTest } from '../vectors/case.ts';
import { judge } from '../vectors/judge.ts';
import type { LoadedVectors } from '../vectors/load.ts';
import { settle } from '../vectors/settle.ts';
import type { Adapter } from '../zkcp/adapter.ts';
import { type Done, type LevelRunOptions, runLevel } from './level-run.ts';

/** The more there are, the more must be repeated one by one after a failure. */
const IN_FLIGHT_MAX = 8;

/** Runs vectors on an adapter. */
export function runVectors({ tests, digest }: LoadedVectors, options: LevelRunOptions): Promise<Done> {
  const byId = new Map(tests.map((test) => [test.id, test.vector]));
  const twinOf = ({ twin }: VectorTest) => (twin === undefined ? undefined : byId.get(twin));
  const context = { deadlineMs: options.deadlineMs, twinOf };
  const run = {
    level: 'vectors' as const,
    all: tests,
    concurrency: IN_FLIGHT_MAX,
    vectorsDigest: digest,
    attempt: (test: VectorTest, adapter: Adapter, log: string[]) => judge(test, adapter, context, log),
    settle,
  };
  return runLevel(run, options);
}
