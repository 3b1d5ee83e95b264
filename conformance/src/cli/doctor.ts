import { adapterTests, bye, judgeAdapter } from '../run/adapter-tests.ts';
import { ping } from '../run/execute.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import type { Judgement } from '../run/result.ts';
import { shellCommand } from '../run/shell.ts';
import { Workspace } from '../run/workspace.ts';
import type { VectorTest } from '../vectors/case.ts';
import { isNegative } from '../vectors/case.ts';
import { judge } from '../vectors/judge.ts';
import { loadVectors } from '../vectors/load.ts';
import { Adapter, AdapterFailure } from '../zkcp/adapter.ts';
import { hintOf } from '../zkcp/hint.ts';
import { type Section, see } from '../zkcp/sections.ts';
import type { Check } from './check.ts';
import { clientChecks } from './doctor-client.ts';
import type { Io } from './io.ts';

/** Options of `doctor`. */
export interface DoctorOptions {
  readonly adapter: string;
  readonly deadline: number;
  readonly startDeadline: number;
  readonly vectors?: string;
}

const CASES = 3;

/** One positive case, its refusals, and another op: enough to see that the plumbing works. */
function pickCases(tests: readonly VectorTest[], adapter: Adapter): VectorTest[] {
  const claimed = tests.filter(({ requires }) => requires.every((name) => adapter.supports(name)));
  const negative = claimed.find((test) => isNegative(test) && test.twin !== undefined);
  const twin = claimed.find(({ id }) => id === negative?.twin);
  const other = claimed.find((test) => !isNegative(test) && test.op !== negative?.op);
  return [twin, negative, other].filter((test) => test !== undefined);
}

/** The section of zkcp.md that explains each test of the adapter. */
const SECTION_OF: Readonly<Record<string, Section>> = { 'zkcp/unknown-op': 'Lines', 'zkcp/profiles': 'Commands' };

interface Surroundings {
  readonly tests: readonly VectorTest[];
  readonly deadlineMs: number;
  /** An empty directory for a device. */
  readonly directory: string;
}

function checksOf(adapter: Adapter, { tests, deadlineMs, directory }: Surroundings): Check[] {
  const context = { level: 'vectors' as const, all: tests, deadlineMs, stray: [] };
  const byId = new Map(tests.map((test) => [test.id, test.vector]));
  const vectorContext = {
    deadlineMs,
    twinOf: ({ twin }: VectorTest) => (twin === undefined ? undefined : byId.get(twin)),
  };
  return [
    {
      name: 'ping',
      hint: see('Commands', 'answer ping with {"ok": {"nonce": …}}, the same nonce'),
      run: (each) => ping(each, deadlineMs, []),
    },
    ...adapterTests.flatMap((test) => {
      const section = SECTION_OF[test.id];
      const run = (each: Adapter) => judgeAdapter(test, each, context, []);
      return section === undefined ? [] : [{ name: test.id, hint: see(section, test.title), run }];
    }),
    ...pickCases(tests, adapter).map((test) => ({
      name: test.id,
      hint: `run: 0k-conformance explain '${test.id}'`,
      run: (each: Adapter) => judge(test, each, vectorContext, []),
    })),
    ...(adapter.supports('client') ? clientChecks(directory, deadlineMs) : []),
    {
      name: 'bye',
      hint: see('Commands', 'answer bye with {"ok": {}}, then exit with 0'),
      run: (each) => judgeAdapter(bye, each, context, []),
    },
  ];
}

/** The result of a step, and a hint. */
type Finding = Judgement & { readonly hint: string };

async function examine(check: Check, adapter: Adapter): Promise<Finding> {
  try {
    return { ...((await check.run(adapter)) ?? { verdict: 'pass' }), hint: check.hint };
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    const hint = failure.hint ?? (failure.stderr === '' ? check.hint : hintOf(failure));
    return { verdict: failure.kind, actual: failure.detail, hint };
  }
}

function print(io: Io, name: string, { verdict, hint, ...rest }: Finding): void {
  const isGood = verdict === 'pass';
  io.stdout.write(`${isGood ? 'ok' : verdict} ${name}\n`);
  if (isGood) return;
  const { expected, actual, detail } = rest;
  for (const [label, text] of Object.entries({ expected, actual, detail, hint }))
    if (text !== undefined) io.stdout.write(`  ${label}: ${text}\n`);
}

async function start(io: Io, options: DoctorOptions, digest: string): Promise<Adapter | undefined> {
  const hello = { suite: '1', vectors_digest: digest, run_nonce: '00'.repeat(16) };
  try {
    return await Adapter.start(shellCommand(options.adapter), { startDeadlineMs: options.startDeadline, hello });
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    print(io, 'hello', { verdict: failure.kind, actual: failure.detail, hint: hintOf(failure) });
    return undefined;
  }
}

/** Checks that an adapter speaks ZKCP at all, step by step, with a hint for each step that fails. */
export async function doctorCommand(io: Io, options: DoctorOptions): Promise<ExitCode> {
  const { tests, digest } = await loadVectors(options.vectors);
  const adapter = await start(io, options, digest);
  if (!adapter) return exitCodes.infrastructure;
  const { impl, profiles, limits } = adapter.info;
  io.stdout.write(
    `ok hello: ${impl.name} ${impl.version} (${impl.language}), profiles ${profiles.join(', ') || 'none'}, `,
  );
  io.stdout.write(`${limits.max_in_flight} requests at once\n`);
  const workspace = new Workspace();
  let isSound = true;
  try {
    const surroundings = { tests, deadlineMs: options.deadline, directory: await workspace.directory() };
    if (pickCases(tests, adapter).length < CASES)
      io.stdout.write(
        `not-run ${CASES} cases: hello claims too few ops for a positive case, its refusal and another op\n`,
      );
    for (const check of checksOf(adapter, surroundings)) {
      // The adapter is gone, and the step before has said why.
      if (!adapter.isAlive) break;
      const finding = await examine(check, adapter);
      isSound &&= finding.verdict === 'pass';
      print(io, check.name, finding);
    }
  } finally {
    await adapter.stop();
    await workspace.remove();
  }
  return isSound ? exitCodes.conformant : exitCodes.infrastructure;
}
