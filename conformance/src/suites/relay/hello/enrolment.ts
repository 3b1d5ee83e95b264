import { concat, utf8 } from '@0k-sync/core/bytes';
import { createMemberRecord } from '@0k-sync/core/group';
import { helloTranscript } from '@0k-sync/core/session';
import { LABEL_MEMBER_RECORD } from '@0k-sync/generated/labels';
import { DEVICES_MAX, SESSIONS_PER_DEVICE_MAX } from '@0k-sync/generated/limits';
import type { Hello } from '@0k-sync/generated/wire/frame';
import { type MemberRecord, MemberRecordBody } from '@0k-sync/generated/wire/group';
import { type Device, Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { fateOf, judge, leave } from '../attack.ts';
import { control, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { recordOf, refusedHello, UNAUTHORIZED } from './refused.ts';

function withRecord(hello: Hello, record: MemberRecord, authKey = hello.enrolment?.authKey ?? random(32)): Hello {
  return { ...hello, enrolment: { record, authKey } };
}

/** A record over other bytes, with both signatures right. */
function signedRecord(device: Device, body: Uint8Array): MemberRecord {
  const signed = concat(utf8(LABEL_MEMBER_RECORD), body);
  return { body, deviceSignature: device.keys.sign(signed), authSignature: device.group.epoch.signAuth(signed) };
}

/** Enrolments that do not hold, and how many there may be. */
export const enrolmentScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/hello/foreign-auth-key',
    title: 'An auth key that does not hash to the group id lets nobody in',
    level: 'must',
    requirements: ['SE-12', 'GR-02'],
    requires: [],
    run: refusedHello((hello, device) => {
      const forged = new Group();
      const signed = concat(utf8(LABEL_MEMBER_RECORD), recordOf(device).body);
      const record = { ...recordOf(device), authSignature: forged.epoch.signAuth(signed) };
      return withRecord(hello, record, forged.epoch.authKey);
    }),
  },
  {
    id: 'relay/hello/record-not-countersigned',
    title: "A record without the auth key's signature lets nobody in",
    level: 'must',
    requirements: ['SE-12', 'GR-09', 'PA-21'],
    requires: [],
    run: refusedHello((hello, device) => withRecord(hello, { ...recordOf(device), authSignature: random(64) })),
  },
  {
    id: 'relay/hello/record-not-self-signed',
    title: "A record without its device's signature lets nobody in",
    level: 'must',
    requirements: ['SE-12', 'GR-09'],
    requires: [],
    run: refusedHello((hello, device) => withRecord(hello, { ...recordOf(device), deviceSignature: random(64) })),
  },
  {
    id: 'relay/hello/record-of-another-device',
    title: "Another member's record lets nobody in",
    level: 'must',
    requirements: ['SE-12'],
    requires: [],
    run: refusedHello((hello, device) => withRecord(hello, recordOf(device.group.device()))),
  },
  {
    id: 'relay/hello/record-of-another-group',
    title: 'A record that names another group lets nobody in, whoever signed it',
    level: 'must',
    requirements: ['SE-12', 'GR-14'],
    requires: [],
    run: refusedHello((hello, device) => {
      const { deviceKey, xwingKey } = device.keys;
      const body = MemberRecordBody.encode({ groupId: new Group().id, deviceKey, xwingKey, epoch: 0 }).finish();
      return withRecord(hello, signedRecord(device, body));
    }),
  },
  {
    id: 'relay/hello/record-not-canonical',
    title: 'A record whose body is not canonical lets nobody in, with both signatures right',
    level: 'must',
    requirements: ['GR-08', 'SE-12'],
    requires: [],
    run: refusedHello((hello, device) => {
      const body = concat(recordOf(device).body, Uint8Array.of(0x20, 0));
      return withRecord(hello, signedRecord(device, body));
    }),
  },
  {
    id: 'relay/hello/record-of-another-epoch',
    title: 'An enrolment whose record is not of epoch 0 lets nobody in',
    level: 'must',
    requirements: ['SE-12'],
    requires: [],
    run: refusedHello((hello, device) => {
      const { groupId, deviceKey, xwingKey } = device.keys;
      const body = MemberRecordBody.encode({ groupId, deviceKey, xwingKey, epoch: 1 }).finish();
      return withRecord(hello, signedRecord(device, body));
    }),
  },
  {
    id: 'relay/hello/record-of-short-key',
    title: 'A record whose X-Wing key has another length lets nobody in',
    level: 'must',
    requirements: ['GR-08', 'GR-14'],
    requires: [],
    run: refusedHello((hello, device) => {
      const { groupId, deviceKey, xwingKey } = device.keys;
      const body = MemberRecordBody.encode({ groupId, deviceKey, xwingKey: xwingKey.slice(1), epoch: 0 }).finish();
      return withRecord(hello, signedRecord(device, body));
    }),
  },
  {
    id: 'relay/hello/claims-no-group',
    title: 'An enrolment for a group id that nobody could have made creates none',
    level: 'must',
    requirements: ['SE-12', 'GR-02'],
    requires: [],
    run: inArena(async (arena) => {
      await control('an honest Hello', () => arena.member());
      const client = await arena.connect();
      const device = new Group().device();
      const groupId = random(32);
      const signature = device.keys.sign(helloTranscript(client.handshakeHash, groupId));
      const record = createMemberRecord(device.keys, device.group.epoch);
      const { value } = arena.helloBody(client, device);
      client.send({ $case: 'hello', value: { ...withRecord(value, record), groupId, signature } });
      judge(await fateOf(client, 'closed'), UNAUTHORIZED);
    }),
  },
  {
    id: 'relay/hello/devices-max',
    title: 'A group has at most 64 records; one more device is refused, and those inside still come in',
    level: 'must',
    requirements: ['GR-15'],
    requires: [],
    run: inArena(async (arena) => {
      const group = new Group();
      const first = await arena.member(group.device());
      const others = Array.from({ length: DEVICES_MAX - 1 }, () => group.device());
      for (let index = 0; index < others.length; index += 9) {
        await Promise.all(
          others.slice(index, index + 9).map(async (device) => {
            await leave((await arena.member(device)).client);
          }),
        );
      }
      const before = await first.client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      same('records', before.records.length, DEVICES_MAX);
      const client = await arena.connect();
      client.send(arena.helloBody(client, group.device()));
      judge(await fateOf(client, 'closed'), { classes: ['session.quota'], connection: 'closed' });
      const after = await first.client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      same('records after the attack', after.records.length, DEVICES_MAX);
      await arena.member(others[7]);
    }),
  },
  {
    id: 'relay/hello/sessions-max',
    title: 'A device has at most 4 sessions; the fifth is refused, and there is room again when one has ended',
    level: 'must',
    requirements: ['SE-23'],
    requires: [],
    run: inArena(async (arena) => {
      const device = new Group().device();
      const sessions = [];
      while (sessions.length < SESSIONS_PER_DEVICE_MAX) sessions.push(await arena.member(device));
      const fifth = await arena.connect();
      fifth.send(arena.helloBody(fifth, device));
      judge(await fateOf(fifth, 'closed'), { classes: ['resource.limit'], connection: 'closed' });
      await Promise.all(sessions.map(({ client }) => client.ping()));
      for (const { client } of sessions.slice(1)) await leave(client);
      await arena.member(device);
      await sessions[0]?.client.ping();
    }),
  },
];
