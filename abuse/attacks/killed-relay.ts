import { setTimeout as delay } from 'node:timers/promises';
import type { ClientCase, Measurement } from '../client-case.ts';
import { secondsUntilSynced, withTwoDevices } from '../two-devices.ts';

const ROUNDS = 3;
const REST_MS = 2000;
const LIMIT_S = 8;

/** The relay ends by SIGKILL while a message waits for it, and is started again at once. */
export const killedRelay: ClientCase = {
  finding: 'C9',
  title: 'the relay is killed and started again',
  run: () =>
    withTwoDevices(async (devices) => {
      const { relay, writer } = devices;
      const measured: Measurement[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        await secondsUntilSynced(devices, `before ${round}`);
        await delay(REST_MS);
        await relay.kill();
        const receipt = await writer.push(`written ${round} while nobody is there`);
        await relay.restart();
        const start = performance.now();
        await receipt.acknowledged;
        const seconds = (performance.now() - start) / 1000;
        measured.push({ what: `round ${round}, acknowledged after the restart`, seconds, limit: LIMIT_S });
      }
      return measured;
    }),
};
