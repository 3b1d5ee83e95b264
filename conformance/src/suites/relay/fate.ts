import { setTimeout as pause } from 'node:timers/promises';
import { utf8 } from '@0k-sync/core/bytes';
import type { RejectClass } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import { Ended, type RawClient } from '@0k-sync/testkit/raw';
import { TimedOut } from '@0k-sync/testkit/time';
import { expect, expectClass, expectThat } from '../expect.ts';

/** An honest relay is done by then, mostly. It paces the wait and decides nothing, ms. */
const PACE_MS = 200;
/** Whole sessions of an honest twin: a relay that serves an attacker behind them has not refused it. */
const TWINS = 2;

/** A refusal that a relay must give. */
export interface Refusal {
  readonly classes: readonly RejectClass[];
  /** The connection outlives the refusal; it is closed with it unless this says so. */
  readonly staysOpen?: boolean;
  /** The attack has ended its side of the stream: nothing can be sent behind it. */
  readonly endsStream?: boolean;
}

/** The end of an attacker's session. */
export interface Fate {
  /** The number of the Error, or of the close without one. */
  readonly code: number | undefined;
  readonly connection: 'open' | 'closed';
}

/** Waits for the Error and the close that an attack brings about, by what happens and not by a clock. ER-04, SE-07. */
export async function fateOf(client: RawClient, refusal: Refusal, twin: () => Promise<unknown>): Promise<Fate> {
  const told = client.inbox.take(({ body }) => body?.$case === 'error', 'an Error');
  const answer = await settled(client, refusal, twin, told);
  const error = typeof answer === 'object' && 'body' in answer ? checked(answer.body?.value as WireError) : undefined;
  const code = error?.code;
  if (answer === 'served') return { code, connection: 'open' };
  if (refusal.staysOpen === true && error !== undefined) {
    const isServed = await client.ping().then(
      () => true,
      () => false,
    );
    return { code, connection: isServed ? 'open' : 'closed' };
  }
  const end = await settled(client, refusal, twin, client.gone());
  if (end === 'served') return { code, connection: 'open' };
  if (error !== undefined && end.code !== 0) expect('the close carries the number of the Error', end.code, code);
  return { code: code ?? end.code, connection: 'closed' };
}

export function judgeFate({ code, connection }: Fate, { classes, staysOpen = false }: Refusal): void {
  expectClass('the refusal', code, ...classes);
  expect('the connection', connection, staysOpen ? 'open' : 'closed');
}

/**
 * The event, the end of the connection, or `served`: the relay answers the attacker's Ping though whole sessions of an
 * honest twin have passed since the attack, or it says nothing at all.
 */
async function settled<Value>(
  client: RawClient,
  { endsStream = false }: Refusal,
  twin: () => Promise<unknown>,
  awaited: Promise<Value>,
): Promise<Value | Ended | 'served'> {
  const event = awaited.catch((failure: unknown) => {
    if (failure instanceof Ended) return failure;
    if (failure instanceof TimedOut) return 'served' as const;
    throw failure;
  });
  const isThere = event.then(() => true);
  if ((await Promise.race([isThere, pause(PACE_MS, false)])) || endsStream) return event;
  for (let count = 0; count < TWINS; count += 1) await twin();
  const pong = client.ping().then(
    () => 'served' as const,
    () => event,
  );
  return Promise.race([event, pong]);
}

/** ER-04. */
function checked(error: WireError): WireError {
  const { length } = utf8(error.detail);
  expectThat('detail', length <= ERROR_DETAIL_BYTES_MAX, `at most ${ERROR_DETAIL_BYTES_MAX} bytes`, `${length} bytes`);
  expectThat('detail', !/[0-9a-z]{40}/i.test(error.detail), 'no full id', error.detail);
  return error;
}
