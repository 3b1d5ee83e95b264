import { concat, utf8 } from '@0k-sync/core/bytes';
import { createMemberRecord } from '@0k-sync/core/group';
import { helloTranscript } from '@0k-sync/core/session';
import type { ErrorName } from '@0k-sync/generated/errors';
import { LABEL_MEMBER_RECORD } from '@0k-sync/generated/labels';
import {
  CIPHERTEXT_BYTES_MAX,
  CREDIT_BYTES_MAX,
  DEVICES_MAX,
  FRAME_BYTES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
  SESSIONS_PER_DEVICE_MAX,
} from '@0k-sync/generated/limits';
import type { Hello } from '@0k-sync/generated/wire/frame';
import { type MemberRecord, MemberRecordBody } from '@0k-sync/generated/wire/group';
import { type Device, Group } from '../../kit/author.ts';
import { random } from '../../kit/crypto.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import type { Scenario } from '../../model.ts';
import { type Arena, inArena } from './arena.ts';
import { attack, fateOf, judge, leave, Stage } from './attack.ts';
import { control, holds, same, sameClass } from './checks.ts';
import type { RelayTarget } from './target.ts';

const UNAUTHORIZED = { classes: ['session.unauthorized'], connection: 'closed' } as const;

/** A Hello that differs in one thing from one that would be let in; the group is there, the device is new. */
function refusedHello(
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

function withRecord(hello: Hello, record: MemberRecord, authKey = hello.enrolment?.authKey ?? random(32)): Hello {
  return { ...hello, enrolment: { record, authKey } };
}

/** A record over other bytes, with both signatures right. */
function signedRecord(device: Device, body: Uint8Array): MemberRecord {
  const signed = concat(utf8(LABEL_MEMBER_RECORD), body);
  return { body, deviceSignature: device.keys.sign(signed), authSignature: device.group.epoch.signAuth(signed) };
}

function recordOf({ enrolment }: Device): MemberRecord {
  if (enrolment.record === undefined) throw new TypeError('a device has a record');
  return enrolment.record;
}

/** What a stranger is told: the Error, and how the connection ended. */
async function answerToStranger(arena: Arena, device: Device, enrolment: boolean): Promise<string> {
  const client = await arena.connect();
  const request = client.send(arena.helloBody(client, device, { enrolment }));
  const answer = await client.answer(request);
  const { code } = await client.gone();
  const error = answer.$case === 'error' ? answer.value : undefined;
  sameClass('the refusal', error?.code, 'session.unauthorized');
  return [error?.code as number | ErrorName, error?.detail, error?.retryAfterMs, code, client.inbox.log.length].join(
    ' | ',
  );
}

export const helloScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/hello/creates-group',
    title: 'The first enrolment creates the group, and HelloAck says that it is empty',
    level: 'must',
    requirements: ['SE-10', 'SE-11', 'SE-12', 'SE-15', 'SE-73'],
    requires: [],
    run: inArena(async (arena) => {
      const { ack } = await arena.member();
      same('head', ack.head, 0n);
      same('floor', ack.floor, 0n);
      same('own_sequence', ack.ownSequence, 0n);
      same('own_hash', ack.ownHash, new Uint8Array(0));
      same('epoch', ack.epoch, 0);
      same('signing_key bytes', ack.signingKey.length, 32);
      holds('server_time_ms', ack.serverTimeMs > 1_700_000_000_000n, 'milliseconds since 1970', `${ack.serverTimeMs}`);
    }),
  },
  {
    id: 'relay/hello/limits',
    title: 'HelloAck offers limits between 1 and those of the spec',
    level: 'must',
    requirements: ['SE-15', 'SE-16'],
    requires: [],
    run: inArena(async (arena) => {
      const { limits } = (await arena.member()).ack;
      const bounds = [
        ['frame_bytes_max', limits?.frameBytesMax, FRAME_BYTES_MAX],
        ['ciphertext_bytes_max', limits?.ciphertextBytesMax, CIPHERTEXT_BYTES_MAX],
        ['requests_in_flight_max', limits?.requestsInFlightMax, REQUESTS_IN_FLIGHT_MAX],
        ['push_items_max', limits?.pushItemsMax, PUSH_ITEMS_MAX],
        ['page_bytes_max', limits?.pageBytesMax, PAGE_BYTES_MAX],
        ['credit_bytes_max', limits?.creditBytesMax, CREDIT_BYTES_MAX],
      ] as const;
      for (const [name, value = 0, max] of bounds) {
        holds(name, value >= 1 && value <= max, `1 to ${max}`, String(value));
      }
    }),
  },
  {
    id: 'relay/hello/known-device',
    title: 'An enrolled device is let in without its enrolment, and is told its own head and that of the group',
    level: 'must',
    requirements: ['SE-11', 'SE-15', 'RL-68'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      await client.push(device.items(3));
      const sibling = await arena.member(device.group.device());
      await sibling.client.push(sibling.device.items(2));
      await leave(client);
      const again = await arena.connect();
      const ack = await again.hello(device, { enrolment: false });
      same('head', ack.head, 5n);
      same('own_sequence', ack.ownSequence, 3n);
      same('own_hash', ack.ownHash, device.previous);
    }),
  },
  {
    id: 'relay/hello/enrolment-again',
    title: 'An enrolment that the relay has already changes nothing',
    level: 'must',
    requirements: ['SE-11', 'SE-12'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const before = await client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      const again = await arena.member(device);
      const after = await again.client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      same('version', after.version, before.version);
      same('records', after.records.length, 1);
    }),
  },
  {
    id: 'relay/hello/device-list',
    title: 'ListDevices gives every member record as it was sent, and its version grows with it',
    level: 'must',
    requirements: ['GR-08', 'GR-14', 'RL-68'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const before = await client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      const sibling = await arena.member(device.group.device());
      const after = await client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      holds('version', after.version > before.version, `more than ${before.version}`, String(after.version));
      same('records', after.records.length, 2);
      for (const record of [recordOf(device), recordOf(sibling.device)]) {
        const found = after.records.find(({ body }) => String(body) === String(record.body));
        same('device_signature', found?.deviceSignature, record.deviceSignature);
        same('auth_signature', found?.authSignature, record.authSignature);
      }
    }),
  },
  {
    id: 'relay/hello/strangers-look-alike',
    title: 'A stranger is told the same, whether the group exists or not',
    level: 'must',
    requirements: ['SE-14', 'ER-03', 'SE-74'],
    requires: [],
    run: inArena(async (arena) => {
      const { device } = await arena.member();
      const ofGroup = await answerToStranger(arena, device.group.device(), false);
      const ofNone = await answerToStranger(arena, new Group().device(), false);
      same('the answer', ofNone, ofGroup);
    }),
  },
  {
    id: 'relay/hello/stranger-without-enrolment',
    title: 'A device that is not enrolled and brings no enrolment is not let in',
    level: 'must',
    requirements: ['SE-11'],
    requires: [],
    run: refusedHello((hello) => ({ ...hello, enrolment: undefined })),
  },
  {
    id: 'relay/hello/changed-signature',
    title: 'A Hello whose signature does not verify is refused',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: refusedHello((hello) => ({ ...hello, signature: random(64) })),
  },
  {
    id: 'relay/hello/signature-of-another-device',
    title: 'A Hello signed by another member is refused',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: refusedHello((hello, device, client) => {
      const other = device.group.device();
      return { ...hello, signature: other.keys.sign(helloTranscript(client.handshakeHash, hello.groupId)) };
    }),
  },
  {
    id: 'relay/hello/signature-of-another-group',
    title: 'A Hello whose signature covers another group id is refused',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: refusedHello((hello, device, client) => {
      const signature = device.keys.sign(helloTranscript(client.handshakeHash, new Group().id));
      return { ...hello, signature };
    }),
  },
  {
    id: 'relay/hello/replayed',
    title: 'A Hello that was accepted on one connection is refused on another',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const spied = await arena.connect();
      const hello = arena.helloBody(spied, stage.attacker);
      await control('the Hello that is replayed', () => spied.ask(hello, 'helloAck'));
      await attack(stage, UNAUTHORIZED, async () => {
        const client = await arena.connect();
        client.send(hello);
        return client;
      });
    }),
  },
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
