import { setTimeout as pause } from 'node:timers/promises';
import { RECONNECT_MS_MAX } from '@0k-sync/generated/limits';
import type { Behaviour } from '@0k-sync/testkit/relay';
import { within } from '@0k-sync/testkit/time';
import { Failed } from '../../model.ts';
import { paces } from '../paces.ts';
import type { Client } from './client.ts';
import type { ShownEvent } from './results.ts';

/** Moves after which a client that makes no connection will make none. */
const MOVES_MAX = 5;
/** Longest real wait for what a clock that cannot be moved brings, ms. */
const PATIENCE_MS = 60_000;

/**
 * Waits for something that needs time: the client's clock moves on by `stepMs` until it is there, whenever the client is
 * idle, and after `idleMs` at the latest.
 */
export async function inTime<Value>(
  client: Client,
  work: Promise<Value>,
  stepMs: number,
  idleMs?: number,
): Promise<Value> {
  const ended = work.then(
    () => true,
    () => true,
  );
  for (const pauseMs of paces(PATIENCE_MS)) {
    const { stands } = await client.advance(stepMs, idleMs);
    if (!stands || (await Promise.race([ended, pause(pauseMs, false)]))) break;
  }
  return await work;
}

/** The next event of a type, which time brings after `past` of them. */
export function eventInTime(client: Client, type: string, stepMs: number, past = 0): Promise<ShownEvent> {
  return inTime(client, client.event(type, past), stepMs);
}

/** Time goes on until a client that has lost its connection has come back by itself, as `sign` shows. */
export async function returns(client: Client, sign: Promise<void>): Promise<void> {
  let isBack = false;
  const seen = sign.then(() => {
    isBack = true;
  });
  for (let moves = 0; moves < MOVES_MAX && !isBack; moves += 1) {
    const { idle } = await client.advance(RECONNECT_MS_MAX);
    if (idle) continue;
    await within(inTime(client, seen, RECONNECT_MS_MAX), 'a new connection', PATIENCE_MS).catch(() => {});
    break;
  }
  if (!isBack) throw new Failed('a client whose relay is back', 'a new connection by itself', 'none');
}

/** Lets a device in as an honest relay does, and notes that it did. */
export function noting(happened: () => void): NonNullable<Behaviour['hello']> {
  return (ack) => {
    happened();
    return ack;
  };
}
