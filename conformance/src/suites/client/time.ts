import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './client.ts';

/** Where a clock cannot be moved these add up to more than any wait of CL-36 that scenarios get to. */
const STEPS_MAX = 25;
/** Between two moves whatever has a deadline, a handshake above all, has this long to be done. */
const STEP_MS = 1500;

/** Waits for something that needs time: the client's clock goes on by `stepMs` until it is there. */
export async function inTime<Value>(client: Client, work: Promise<Value>, stepMs: number): Promise<Value> {
  const ended = work.then(
    () => true,
    () => true,
  );
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await client.advance(stepMs);
    if (await Promise.race([ended, pause(STEP_MS, false)])) break;
  }
  return await work;
}
