import type { Hello } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import type { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import { type Arena, inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import type { RelayTarget } from '../target.ts';

export const UNAUTHORIZED = { classes: ['session.unauthorized'], connection: 'closed' } as const;

/** A Hello that differs in one thing from one that would be let in; the group is there, the device is new. */
export function refusedHello(
  change: (hello: Hello, device: Device, client: RawClient, arena: Arena) => Hello,
): (target: RelayTarget) => Promise<void> {
  return inArena(async (arena) => {
    const stage = await Stage.set(arena);
    await attack(stage, UNAUTHORIZED, async () => {
      const client = await arena.connect();
      const device = stage.group.device();
      client.send({ $case: 'hello', value: change(arena.helloBody(client, device).value, device, client, arena) });
      return client;
    });
  });
}

export function recordOf({ enrolment }: Device): MemberRecord {
  if (enrolment.record === undefined) throw new TypeError('a device has a record');
  return enrolment.record;
}
