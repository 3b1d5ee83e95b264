import type { RejectClass } from '@0k-sync/generated/errors';
import type { SuiteName } from '@0k-sync/generated/patterns';
import { Ended } from '../../../kit/inbox.ts';
import type { RawClient, RawClientOptions } from '../../../kit/raw-client.ts';
import { type Arena, inArena } from '../arena.ts';
import { control, holds, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

/** A whole handshake, and a round trip under its keys. */
export async function shake(arena: Arena, suite: SuiteName, options: RawClientOptions = {}): Promise<RawClient> {
  const client = await arena.connect({ suite, ...options });
  await client.ping();
  return client;
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
    const answered = await client
      .ready()
      .then(
        () => client.ping().then(() => true),
        (error: unknown) => {
          if (error instanceof Ended) return false;
          throw error;
        },
      )
      .catch((error: unknown) => {
        if (error instanceof Ended) return false;
        throw error;
      });
    holds('the handshake', !answered, 'a refusal', 'a session');
    sameClass('the close', (await client.gone()).code, ...classes);
    await shake(arena, suite);
  });
}

/** Dials and begins, with what differs. */
export function begun(suite: SuiteName, options: RawClientOptions): (arena: Arena) => Promise<RawClient> {
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
