import type { RawClient } from '@0k-sync/testkit/raw';
import type { Attack } from '../attack.ts';
import { aborted, again, dial } from '../stranger.ts';

const STRANGERS = 60;
/** A length of 1,000,000 as a varint, and the first 960,000 bytes of such a frame. */
const HALF_FRAME = new Uint8Array(960_003);
HALF_FRAME.set([0xc0, 0x84, 0x3d]);

/** 60 strangers send the first half of a large frame before any Hello, and wait. */
export const halfFrames: Attack = {
  finding: 'R9',
  title: '60 strangers with half a frame',
  takesMemory: true,
  run: async (relay, signal, begun) => {
    begun();
    const strangers: RawClient[] = [];
    await Promise.race([
      aborted(signal),
      Promise.all(Array.from({ length: STRANGERS }, () => again(signal, () => stranger(strangers)))),
    ]);
    await Promise.all(strangers.map((client) => client.close()));

    async function stranger(all: RawClient[]): Promise<void> {
      const client = await dial(relay);
      all.push(client);
      client.sendPlaintext(HALF_FRAME);
      await client.ended;
      all.splice(all.indexOf(client), 1);
    }
  },
};
