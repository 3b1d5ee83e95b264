import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { contents, objects, ofType, zerok } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

/** A device that created a group and so knows the relay's keys by trust on first use. */
async function creator(address: string, ...options: string[]): Promise<string> {
  const directory = join(temporaryDirectory(), 'device');
  const run = await zerok(['pair', '--create', '--relay', address, '--data-dir', directory, ...options]);
  if (run.code !== 0) throw new Error(run.stderr);
  return directory;
}
