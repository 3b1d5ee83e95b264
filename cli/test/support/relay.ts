import { join } from 'node:path';
import t from 'tap';
import { RelayProcess } from '../../../tools/demo/relay-process.ts';
import { objects, zerok } from './program.ts';
import { temporaryDirectory } from './temporary.ts';

/** A relay process of its own that ends with the test file. `sections` is more of its configuration. */
export async function startRelay(sections = ''): Promise<RelayProcess> {
  const relay = await RelayProcess.start(join(temporaryDirectory(), 'relay'), sections);
  t.teardown(() => relay.kill());
  return relay;
}

/** Two data directories in one group. */
export interface Pair {
  readonly a: string;
  readonly b: string;
}

/** Pairs two devices by the commands that people would use. `options` go to both. */
export async function pairThrough(relay: RelayProcess, options: readonly string[] = []): Promise<Pair> {
  const base = temporaryDirectory();
  const [a, b] = [join(base, 'a'), join(base, 'b')];
  const created = await zerok(['pair', '--create', '--json', '--data-dir', a, '--relay', relay.address, ...options]);
  const [invite] = objects(created.stdout);
  if (created.code !== 0) throw new Error(created.stderr);
  const joined = await zerok(['pair', '--join', '-', '--data-dir', b, ...options], String(invite?.['invite']));
  if (joined.code !== 0) throw new Error(joined.stderr);
  return { a, b };
}
