import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { Failed, type Scenario, Unproven } from '../../src/model.ts';
import type { ClientTarget } from '../../src/suites/client/target.ts';
import { Adapter } from '../../src/zkcp/adapter.ts';

const START_MS = 60_000;

/** A program of this package as an adapter, which ends with the test. */
export async function startAdapter(test: Test, program: string, ...args: readonly string[]): Promise<Adapter> {
  const path = fileURLToPath(new URL(`../../src/${program}`, import.meta.url));
  const command = [process.execPath, '--conditions=@0k-sync/source', path, ...args];
  const adapter = await Adapter.start(command, { startDeadlineMs: START_MS });
  test.teardown(() => adapter.stop());
  return adapter;
}

/** Makes directories that go with the test. */
export async function directories(test: Test): Promise<() => Promise<string>> {
  const root = await mkdtemp(join(tmpdir(), '0k-conformance-'));
  test.teardown(() => rm(root, { recursive: true, force: true }));
  return () => mkdtemp(join(root, 'device-'));
}

/** A target whose processes are all of one program. */
export async function clientTarget(test: Test, program: string, ...args: readonly string[]): Promise<ClientTarget> {
  const start = () => startAdapter(test, program, ...args);
  const shared = await start();
  return { shared: async () => shared, start, directory: await directories(test) };
}

/** The verdict on a scenario, and why. */
export async function judge<Target>({ run }: Scenario<Target>, target: Target): Promise<readonly [string, string]> {
  try {
    await run(target);
    return ['pass', ''];
  } catch (error) {
    if (error instanceof Failed) return ['fail', error.message];
    if (error instanceof Unproven) return ['unproven', error.message];
    throw error;
  }
}
