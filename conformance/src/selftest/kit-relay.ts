import { MemoryNetwork } from '@0k-sync/transport/memory';
import { localAdapter } from '../adapter/local-adapter.ts';
import type { RelayRoleOf } from '../planted/relay/plant.ts';
import type { Done } from '../run/level-run.ts';
import { type RelayRunOptions, runRelay } from '../run/relay.ts';
import { OpenRelay, scenarios } from '../suites/relay/index.ts';

/** Scenarios at once: in memory they cost little and mostly wait for each other. */
const AT_ONCE = 16;

/** Runs relay scenarios on kit relays, in this process and without sockets. */
export async function runKitRelay(
  roleOf: RelayRoleOf,
  { only, seed }: Pick<RelayRunOptions, 'only' | 'seed'>,
): Promise<Done> {
  // A delivery a turn: between microtasks no timer of a slow connection would come to its turn.
  const transport = new MemoryNetwork({ schedule: (task) => setImmediate(task) }).transport();
  const lines: string[] = [];
  const role = roleOf(transport, (line) => lines.push(line));
  const adapter = localAdapter(role, () => lines.join('\n'));
  try {
    const { target } = await OpenRelay.open(adapter, {}, { transport });
    return await runRelay(scenarios, { target, name: 'kit relay', only, seed, repeat: 'relay', atOnce: AT_ONCE });
  } finally {
    await adapter.close();
  }
}
