import type { RejectClass } from '@0k-sync/generated/errors';
import type { SuiteName } from '@0k-sync/generated/patterns';
import type { RawClient, RawClientConfig } from '@0k-sync/testkit/raw';
import { Ended } from '@0k-sync/testkit/raw';
import { type Arena, inArena } from '../arena.ts';
import { control, holds, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

/** A whole handshake, and a round trip under its keys. */
export async function shake(arena: Arena, suite: SuiteName, options: RawClientConfig = {}): Promise<RawClient> {
  const client = await arena.connect({ suite, ...options });
  await client.ping();
  return client;
}

/** What comes of a handshake that must fail, in words. */
async function outcomeOf(client: RawClient): Promise<string> {
  try {
    await client.ready();
    await client.ping();
    return 'a session';
  } catch (error) {
    if (error instanceof Ended) return 'a refusal';
    // The relay answered as if nothing were wrong: it is this end that could not go on.
    if (client.failure !== undefined) return 'the next handshake message';
    throw error;
  }
}

/** A handshake that must fail: the honest one works before and after, nothing is served in between. HS-03 to HS-11. */
export function refused(
  suite: SuiteName,
  classes: readonly RejectClass[],
  act: (arena: Arena) => Promise<RawClient>,
): (target: RelayTarget) => Promise<void> {
  return inArena(async (arena) => {
    await control('an honest handshake', () => shake(arena, suite));
    const client = await act(arena);
    const outcome = await outcomeOf(client);
    holds('the handshake', outcome === 'a refusal', 'a refusal', outcome);
    sameClass('the close', (await client.gone()).code, ...classes);
    await shake(arena, suite);
  });
}

/** Dials and begins, with what differs. */
export function begun(suite: SuiteName, options: RawClientConfig): (arena: Arena) => Promise<RawClient> {
  return async (arena) => {
    const client = await arena.dial({ suite, ...options });
    client.begin();
    return client;
  };
}

/** Dials and sends bytes instead of a handshake. */
export function raw(bytes: Uint8Array): (arena: Arena) => Promise<RawClient> {
  return async (arena) => {
    const client = await arena.dial();
    client.sendRaw(bytes);
    return client;
  };
}
