import { concat, utf8 } from '@0k-sync/core/bytes';
import { createMemberRecord } from '@0k-sync/core/group';
import { helloTranscript } from '@0k-sync/core/session';
import { LABEL_MEMBER_RECORD } from '@0k-sync/generated/labels';
import { DEVICES_MAX, SESSIONS_PER_DEVICE_MAX } from '@0k-sync/generated/limits';
import type { Hello } from '@0k-sync/generated/wire/frame';
import { type MemberRecord, MemberRecordBody } from '@0k-sync/generated/wire/group';
import { type Device, Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { control, expect, numberOf } from '../../expect.ts';
import { fateOf, judgeFate } from '../fate.ts';
import { devicesOf, leave, type RelayActs } from '../scene.ts';
import { recordOf, refusedHellos, UNAUTHORIZED } from './refused.ts';

const FULL = { classes: ['session.quota'] } as const;
const TOO_MANY = { classes: ['resource.limit'] } as const;

function withRecord(hello: Hello, record: MemberRecord, authKey = hello.enrolment?.authKey ?? random(32)): Hello {
  return { ...hello, enrolment: { record, authKey } };
}

/** A record over other bytes, with both signatures right. */
function signedRecord(device: Device, body: Uint8Array): MemberRecord {
  const signed = concat(utf8(LABEL_MEMBER_RECORD), body);
  return { body, deviceSignature: device.keys.sign(signed), authSignature: device.group.epoch.signAuth(signed) };
}

/** The record of a device with something else in its body, signed as it should be. */
const withBody =
  (change: (body: MemberRecordBody) => Partial<MemberRecordBody>) =>
  (hello: Hello, device: Device): Hello => {
    const { groupId, deviceKey, xwingKey } = device.keys;
    const honest = { groupId, deviceKey, xwingKey, epoch: 0 };
    const body = MemberRecordBody.encode({ ...honest, ...change(honest) }).finish();
    return withRecord(hello, signedRecord(device, body));
  };

/** Enrolments that do not hold. */
const refusedActs = refusedHellos({
  'relay/hello/foreign-auth-key': {
    title: 'An auth key that does not hash to the group id lets nobody in',
    requirements: ['SE-12', 'GR-02'],
    hello: (hello, device) => {
      const forged = new Group();
      const signed = concat(utf8(LABEL_MEMBER_RECORD), recordOf(device).body);
      const record = { ...recordOf(device), authSignature: forged.epoch.signAuth(signed) };
      return withRecord(hello, record, forged.epoch.authKey);
    },
  },
  'relay/hello/record-not-countersigned': {
    title: "A record without the auth key's signature lets nobody in",
    requirements: ['SE-12', 'GR-09', 'PA-21'],
    hello: (hello, device) => withRecord(hello, { ...recordOf(device), authSignature: random(64) }),
  },
  'relay/hello/record-not-self-signed': {
    title: "A record without its device's signature lets nobody in",
    requirements: ['SE-12', 'GR-09'],
    hello: (hello, device) => withRecord(hello, { ...recordOf(device), deviceSignature: random(64) }),
  },
  'relay/hello/record-of-another-device': {
    title: "Another member's record lets nobody in",
    requirements: ['SE-12'],
    hello: (hello, device) => withRecord(hello, recordOf(device.group.device())),
  },
  'relay/hello/record-of-another-group': {
    title: 'A record that names another group lets nobody in, whoever signed it',
    requirements: ['SE-12', 'GR-14'],
    hello: withBody(() => ({ groupId: new Group().id })),
  },
  'relay/hello/record-not-canonical': {
    title: 'A record whose body is not canonical lets nobody in, with both signatures right',
    requirements: ['GR-08', 'SE-12'],
    hello: (hello, device) => {
      const body = concat(recordOf(device).body, Uint8Array.of(0x20, 0));
      return withRecord(hello, signedRecord(device, body));
    },
  },
  'relay/hello/record-of-another-epoch': {
    title: 'An enrolment whose record is not of epoch 0 lets nobody in',
    requirements: ['SE-12'],
    hello: withBody(() => ({ epoch: 1 })),
  },
  'relay/hello/record-of-short-key': {
    title: 'A record whose X-Wing key has another length lets nobody in',
    requirements: ['GR-08', 'GR-14'],
    hello: withBody(({ xwingKey }) => ({ xwingKey: xwingKey.slice(1) })),
  },
});

/** Enrolments that do not hold, and how many there may be. */
export const enrolmentActs: RelayActs = {
  ...refusedActs,
  'relay/hello/claims-no-group': {
    title: 'An enrolment for a group id that nobody could have made creates none',
    requirements: ['SE-12', 'GR-02'],
    run: async (scene) => {
      await control('an honest Hello', () => scene.member());
      const client = await scene.connect();
      const device = new Group().device();
      const groupId = random(32);
      const signature = device.keys.sign(helloTranscript(client.handshakeHash, groupId));
      const record = createMemberRecord(device.keys, device.group.epoch);
      const { value } = scene.helloBody(client, device);
      client.send({ $case: 'hello', value: { ...withRecord(value, record), groupId, signature } });
      judgeFate(await fateOf(client, UNAUTHORIZED, () => scene.member()), UNAUTHORIZED);
    },
  },
  'relay/hello/devices-max': {
    title: 'A group has at most 64 records; one more device is refused, and those inside still come in',
    requirements: ['GR-15'],
    run: async (scene) => {
      const group = new Group();
      const first = await scene.member(group.device());
      const others = Array.from({ length: DEVICES_MAX - 1 }, () => group.device());
      const enrol = async (device: Device) => leave((await scene.member(device)).client);
      for (let index = 0; index < others.length; index += 9) {
        await Promise.all(others.slice(index, index + 9).map(enrol));
      }
      const count = async () => (await devicesOf(first.client)).records.length;
      expect('records', await count(), DEVICES_MAX);
      const client = await scene.connect();
      client.send(scene.helloBody(client, group.device()));
      judgeFate(await fateOf(client, FULL, count), FULL);
      expect('records after the attack', await count(), DEVICES_MAX);
      await scene.member(others[7]);
    },
  },
  'relay/hello/sessions-max': {
    title:
      'A device has at most 4 sessions; the fifth is let in, and the one that was silent longest makes room for it',
    requirements: ['SE-23'],
    run: async (scene) => {
      const device = new Group().device();
      const sessions = [];
      while (sessions.length < SESSIONS_PER_DEVICE_MAX) sessions.push(await scene.member(device));
      const [first, silent, ...others] = sessions;
      // The first session is the oldest, and the last that the relay has heard.
      await first?.client.ping();
      const newest = await scene.member(device);
      if (silent === undefined) throw new TypeError('a device has several sessions');
      const fate = await fateOf(silent.client, TOO_MANY, () => scene.member());
      judgeFate(fate, TOO_MANY);
      expect('the number of the Error', fate.code, numberOf('SESSIONS_EXCEEDED'));
      await Promise.all([first, ...others, newest].map((member) => member?.client.ping()));
    },
  },
};
