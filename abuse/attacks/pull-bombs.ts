import { setTimeout as delay } from 'node:timers/promises';
import { CIPHERTEXT_BYTES_MIN, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { Device, itemOf } from '@0k-sync/testkit/author';
import type { Attack } from '../attack.ts';
import { again, enter } from '../stranger.ts';

const PUSHES = 8;
const ITEMS = 256;
const PULLS = 100;
const BURST_EVERY_MS = 333;

/** 100 Pulls in one piece of 3.5 KB, three times a second: each asks for a page of 512 KiB. */
export const pullBombs: Attack = {
  finding: 'R3',
  title: '3.5 KB of Pulls, 3 bursts/s',
  takesMemory: false,
  run: async (relay, signal, begun) => {
    const device = new Device();
    const writer = await enter(relay, device);
    for (let push = 0; push < PUSHES; push += 1) {
      await writer.push(Array.from({ length: ITEMS }, () => itemOf(device.sized(CIPHERTEXT_BYTES_MIN))));
    }
    await writer.close();
    begun();
    const value = { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: PAGE_BYTES_MAX };
    await again(signal, async () => {
      const reader = await enter(relay, device);
      reader.listen(() => {});
      const pulls = Array.from({ length: PULLS }, () => ({
        requestId: reader.takeRequestId(),
        body: { $case: 'pull', value } as const,
      }));
      reader.sendFrames(...pulls);
      await delay(BURST_EVERY_MS);
      await reader.close();
    });
  },
};
