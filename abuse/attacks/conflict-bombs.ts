import { CIPHERTEXT_BYTES_MAX } from '@0k-sync/generated/limits';
import { Device, itemOf } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Attack } from '../attack.ts';
import { aborted, again, enter } from '../stranger.ts';

const SESSIONS = 24;
const PUSHES = 200;

/** 24 sessions push small envelopes in places where the relay holds large ones: each is refused with what stands there. */
export const conflictBombs: Attack = {
  finding: 'R2',
  title: '24 sessions of conflicts',
  takesMemory: true,
  run: async (relay, signal, begun) => {
    begun();
    const clients: RawClient[] = [];
    await Promise.race([
      aborted(signal),
      Promise.all(Array.from({ length: SESSIONS }, () => again(signal, () => conflicts(new Device())))),
    ]);
    await Promise.all(clients.map((client) => client.close()));

    async function conflicts(device: Device): Promise<void> {
      const client = await enter(relay, device);
      clients.push(client);
      await client.push([itemOf(device.sized(CIPHERTEXT_BYTES_MAX))]);
      const value = { items: [{ envelope: device.twin('another', new Uint8Array(32)), skip: false }] };
      while (!signal.aborted) {
        const requests = Array.from({ length: PUSHES }, () => client.send({ $case: 'push', value }));
        await Promise.all(requests.map((request) => client.answer(request)));
      }
    }
  },
};
