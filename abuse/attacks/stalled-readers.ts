import { setTimeout as delay } from 'node:timers/promises';
import { CIPHERTEXT_BYTES_MAX, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Attack } from '../attack.ts';
import { aborted, enter, push } from '../stranger.ts';

const DEVICES = 30;
const SESSIONS_PER_DEVICE = 4;
const PULLS = 16;
const ENVELOPES = 8;
/** Time for the requests to leave, ms. */
const SENDING_MS = 200;

/** 120 sessions ask for 8 MB each and stop reading, as a phone that falls asleep. */
export const stalledReaders: Attack = {
  finding: 'R1',
  title: '120 readers stop reading',
  takesMemory: true,
  run: async (relay, signal, begun) => {
    const author = new Device();
    const writer = await enter(relay, author);
    await push(writer, author, ENVELOPES, CIPHERTEXT_BYTES_MAX);
    const readers: RawClient[] = [];
    for (let device = 0; device < DEVICES; device += 1) {
      const sibling = author.sibling();
      for (let session = 0; session < SESSIONS_PER_DEVICE; session += 1) readers.push(await enter(relay, sibling));
    }
    begun();
    for (const reader of readers) askForPages(reader);
    await delay(SENDING_MS);
    process.kill(process.pid, 'SIGSTOP');
    await aborted(signal);
    await Promise.all([writer, ...readers].map((client) => client.close()));
  },
};

function askForPages(reader: RawClient): void {
  const value = { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: PAGE_BYTES_MAX };
  for (let pull = 0; pull < PULLS; pull += 1) reader.send({ $case: 'pull', value });
}
