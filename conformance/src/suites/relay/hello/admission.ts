import {
  CIPHERTEXT_BYTES_MAX,
  CREDIT_BYTES_MAX,
  FRAME_BYTES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
} from '@0k-sync/generated/limits';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { leave } from '../attack.ts';
import { holds, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { recordOf } from './refused.ts';

/** Who is let in, and what HelloAck tells. */
export const admissionScenarios: readonly Scenario<RelayTarget>[] = [
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
];
