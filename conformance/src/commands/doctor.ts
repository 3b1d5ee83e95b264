import { adapterTests, judgeAdapter } from '../run/adapter-tests.ts';
import { ping } from '../run/execute.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import type { Judgement } from '../run/result.ts';
import { shellCommand } from '../run/shell.ts';
import type { VectorTest } from '../vectors/case.ts';
import { isNegative } from '../vectors/case.ts';
import { judge } from '../vectors/judge.ts';
import { loadVectors } from '../vectors/load.ts';
import { Adapter, AdapterFailure } from '../zkcp/adapter.ts';
import type { Io } from './io.ts';

export interface DoctorOptions {
  readonly adapter: string;
  readonly deadline: number;
  readonly startDeadline: number;
  readonly vectors?: string;
}

interface Check {
  readonly name: string;
  /** What to do when it does not hold. */
  readonly hint: string;
  readonly run: (adapter: Adapter) => Promise<Judgement | undefined>;
}

/** One positive case, its refusals, and another op: enough to see that the plumbing works. */
function pickCases(tests: readonly VectorTest[], adapter: Adapter): VectorTest[] {
  const claimed = tests.filter(({ requires }) => requires.every((name) => adapter.supports(name)));
  const negative = claimed.find((test) => isNegative(test) && test.twin !== undefined);
  const twin = claimed.find(({ id }) => id === negative?.twin);
  const other = claimed.find((test) => !isNegative(test) && test.op !== negative?.op);
  return [twin, negative, other].filter((test) => test !== undefined);
}

function checksOf(tests: readonly VectorTest[], adapter: Adapter, deadlineMs: number): Check[] {
  const context = { level: 'vectors' as const, all: tests, deadlineMs, stray: [] };
  const byId = new Map(tests.map((test) => [test.id, test.vector]));
  const vectorContext = {
    deadlineMs,
    twinOf: ({ twin }: VectorTest) => (twin === undefined ? undefined : byId.get(twin)),
  };
  return [
    {
      name: 'ping',
      hint: 'answer ping with {"ok": {"nonce": …}}, the same nonce',
      run: (each) => ping(each, deadlineMs, []),
    },
    ...adapterTests.map((test) => ({
      name: test.id,
      hint: `${test.title}: see "Lines" of zkcp.md`,
      run: (each: Adapter) => judgeAdapter(test, each, context, []),
    })),
    ...pickCases(tests, adapter).map((test) => ({
      name: test.id,
      hint: `run: 0k-conformance explain '${test.id}'`,
      run: (each: Adapter) => judge(test, each, vectorContext, []),
    })),
  ];
}

async function examine(check: Check, adapter: Adapter): Promise<Judgement> {
  try {
    return (await check.run(adapter)) ?? { verdict: 'pass' };
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    return { verdict: failure.kind, actual: failure.detail };
  }
}

/** Checks that an adapter speaks ZKCP at all, step by step, with a hint for each step that fails. */
export async function doctorCommand(io: Io, options: DoctorOptions): Promise<ExitCode> {
  const { tests, digest } = await loadVectors(options.vectors);
  const hello = { suite: '1', vectors_digest: digest, run_nonce: '00'.repeat(16) };
  const adapter = await Adapter.start(shellCommand(options.adapter), { startDeadlineMs: options.startDeadline, hello });
  const { impl, profiles, limits } = adapter.info;
  io.stdout.write(
    `ok hello: ${impl.name} ${impl.version} (${impl.language}), profiles ${profiles.join(', ') || 'none'}, `,
  );
  io.stdout.write(`${limits.max_in_flight} requests at once\n`);
  let isSound = true;
  try {
    for (const check of checksOf(tests, adapter, options.deadline)) {
      const { verdict, expected, actual } = await examine(check, adapter);
      const isGood = verdict === 'pass';
      isSound &&= isGood;
      io.stdout.write(`${isGood ? 'ok' : verdict} ${check.name}\n`);
      if (isGood) continue;
      if (expected !== undefined) io.stdout.write(`  expected: ${expected}\n`);
      if (actual !== undefined) io.stdout.write(`  actual: ${actual}\n`);
      io.stdout.write(`  hint: ${check.hint}\n`);
    }
  } finally {
    await adapter.stop();
  }
  return isSound ? exitCodes.conformant : exitCodes.infrastructure;
}
