import type { Hello } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import type { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import { actsOf, type Claim } from '../../acts.ts';
import { Encounter } from '../attack.ts';
import type { RelayActs, RelayScene } from '../scene.ts';

export const UNAUTHORIZED = { classes: ['session.unauthorized'] } as const;

/** A Hello that differs in one thing from one that would be let in. */
interface RefusedHello extends Claim {
  readonly hello: (hello: Hello, device: Device, client: RawClient) => Hello;
}

/** Hellos of a new device to a group that is there: nobody is let in. */
export function refusedHellos(rows: Readonly<Record<string, RefusedHello>>): RelayActs {
  return actsOf(rows, ({ hello }) => async (scene: RelayScene) => {
    const encounter = await Encounter.begin(scene);
    await encounter.attack(UNAUTHORIZED, async () => {
      const client = await scene.connect();
      const device = encounter.group.device();
      client.send({ $case: 'hello', value: hello(scene.helloBody(client, device).value, device, client) });
      return client;
    });
  });
}

export function recordOf({ enrolment }: Device): MemberRecord {
  if (enrolment.record === undefined) throw new TypeError('a device has a record');
  return enrolment.record;
}
