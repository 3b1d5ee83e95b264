import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncSession } from '@0k-sync/client/node';
import { RelayProcess } from '../tools/demo/relay-process.ts';

/** A relay process and two devices of one group. */
export interface TwoDevices {
  readonly relay: RelayProcess;
  readonly writer: SyncSession;
  readonly reader: SyncSession;
}

/** Runs the work with a relay process and two devices of their own, and removes everything afterwards. */
export async function withTwoDevices<Value>(work: (devices: TwoDevices) => Promise<Value>): Promise<Value> {
  const directory = mkdtempSync(join(tmpdir(), '0k-abuse-'));
  const relay = await RelayProcess.start(join(directory, 'relay'));
  const open = (name: string) =>
    SyncSession.new(undefined, [relay.address], { dataDir: join(directory, name), deviceName: name });
  const [writer, reader] = [await open('writer'), await open('reader')];
  try {
    await reader.pairJoin(await writer.pair());
    return await work({ relay, writer, reader });
  } finally {
    await Promise.all([writer.close(), reader.close()]);
    await relay.kill();
    rmSync(directory, { recursive: true });
  }
}

/** Pushes a text, and resolves with the seconds until the other device has it. */
export async function secondsUntilSynced({ writer, reader }: TwoDevices, text: string): Promise<number> {
  const start = performance.now();
  const messages = reader.messages();
  await writer.push(text);
  for await (const { content } of messages) if (content === text) break;
  return (performance.now() - start) / 1000;
}
