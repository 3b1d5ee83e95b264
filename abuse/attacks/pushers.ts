import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { Device, itemOf } from '@0k-sync/testkit/author';
import type { Attack } from '../attack.ts';
import { again, enter } from '../stranger.ts';

const PUSHERS = 10;
const ITEMS = 64;
const WINDOW = 4;

/** Ten devices of ten groups push as fast as the relay acknowledges. */
export const pushers: Attack = {
  finding: 'R6',
  title: '10 pushers',
  takesMemory: false,
  run: async (relay, signal, begun) => {
    begun();
    await Promise.all(Array.from({ length: PUSHERS }, () => again(signal, () => pushOn(new Device()))));

    async function pushOn(device: Device): Promise<void> {
      const client = await enter(relay, device);
      const batch = () => Array.from({ length: ITEMS }, () => itemOf(device.sized(CIPHERTEXT_BYTES_MIN)));
      const inFlight = Array.from({ length: WINDOW }, () => client.push(batch()));
      for (const push of inFlight) push.catch(() => {});
      while (!signal.aborted) {
        await inFlight.shift();
        const next = client.push(batch());
        next.catch(() => {});
        inFlight.push(next);
      }
      await client.close();
    }
  },
};
