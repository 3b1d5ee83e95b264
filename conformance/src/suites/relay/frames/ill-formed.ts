import { concat } from '@0k-sync/core/bytes';
import type { RejectClass } from '@0k-sync/generated/errors';
import { Envelope } from '@0k-sync/generated/wire/envelope';
import type { RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes, lengthField, requestIdField } from '@0k-sync/testkit/wire';
import type { Scenario, TestInfo } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import type { RelayTarget } from '../target.ts';

/** Something that is no frame, and the class of its refusal. */
export interface IllFormed extends Pick<TestInfo, 'id' | 'title' | 'requirements'> {
  readonly class: RejectClass;
  /** A stretch of the frame stream, from an attacker that was let in. */
  readonly bytes: (client: RawClient, stage: Stage) => Uint8Array;
}

export const NOTHING = new Uint8Array(0);
export const ping = (requestId: number) => frameBytes({ $case: 'ping', value: {} }, requestId);
export const pull = (fields: Uint8Array) => delimited(concat(requestIdField(7), lengthField(8, fields)));
export const push = (item: Uint8Array) => delimited(concat(requestIdField(7), lengthField(3, lengthField(1, item))));
export const envelopeOf = ({ attacker }: Stage) => Envelope.encode(attacker.forge().envelope).finish();

/** Each of them is refused with its class, and the connection with it. */
export function refusedFrames(illFormed: readonly IllFormed[]): Scenario<RelayTarget>[] {
  return illFormed.map(({ id, title, requirements, class: rejectClass, bytes }) => ({
    id,
    title,
    level: 'must',
    requirements,
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      await attack(stage, { classes: [rejectClass], connection: 'closed' }, async () => {
        const client = await stage.session();
        client.sendPlaintext(bytes(client, stage));
        return client;
      });
    }),
  }));
}
