import { setTimeout as delay } from 'node:timers/promises';
import { type KeyPairs, keyPairs } from '@0k-sync/core/noise';
import type { Device } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { RawClient } from '@0k-sync/testkit/raw';
import type { Address } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';

const CONNECT_TIMEOUT_MS = 30_000;
const PAUSE_AFTER_REFUSAL_MS = 20;

const transport = new QuicTransport();
/** One pair for all connections of a process: an attacker saves what it can. */
const staticKeys: KeyPairs = keyPairs(crypto, random(32), random(64));

/** A connection whose handshake is done; nothing was said on it yet. */
export function dial(relay: Address): Promise<RawClient> {
  const options = { staticKeys, timeoutMs: CONNECT_TIMEOUT_MS, patienceMs: CONNECT_TIMEOUT_MS };
  return RawClient.connect(transport, relay, options);
}

/** A session of a device, which the relay let in. */
export async function enter(relay: Address, device: Device): Promise<RawClient> {
  const client = await dial(relay);
  await client.hello(device);
  return client;
}

/** Pushes `count` envelopes with ciphertexts of that many bytes, one after the other. */
export async function push(client: RawClient, device: Device, count: number, ciphertextBytes: number): Promise<void> {
  for (let item = 0; item < count; item += 1) {
    const { envelope } = device.sized(ciphertextBytes);
    await client.push([{ envelope, skip: false }]);
  }
}

/** Resolves when the signal has aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Repeats a step until the signal aborts. A step that the relay refuses is tried again. */
export async function again(signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await step().catch(() => delay(PAUSE_AFTER_REFUSAL_MS));
  }
}
