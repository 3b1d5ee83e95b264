import {
  CIPHERTEXT_BYTES_MAX,
  CREDIT_BYTES_MAX,
  FRAME_BYTES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
} from '@0k-sync/generated/limits';
import { placeOf } from '@0k-sync/testkit/author';
import { expect, expectMembers, expectThat } from '../../expect.ts';
import { devicesOf, leave, type RelayActs } from '../scene.ts';
import { recordOf } from './refused.ts';

/** Members that are let in, and the contents of HelloAck. */
export const admissionActs: RelayActs = {
  'relay/hello/creates-group': {
    title: 'The first enrolment creates the group, and HelloAck says that it is empty',
    requirements: ['SE-10', 'SE-11', 'SE-12', 'SE-15', 'SE-73'],
    run: async (scene) => {
      const { ack } = await scene.member();
      const nothing = { head: 0n, floor: 0n, ownHead: undefined, epoch: 0 };
      expectMembers('HelloAck', ack, nothing);
      expect('signing_key bytes', ack.signingKey.length, 32);
      const isTime = ack.serverTimeMs > 1_700_000_000_000n;
      expectThat('server_time_ms', isTime, 'milliseconds since 1970', ack.serverTimeMs);
    },
  },
  'relay/hello/limits': {
    title: 'HelloAck offers limits between 1 and those of the spec',
    requirements: ['SE-15', 'SE-16'],
    run: async (scene) => {
      const { limits } = (await scene.member()).ack;
      const bounds = [
        ['frame_bytes_max', limits?.frameBytesMax, FRAME_BYTES_MAX],
        ['ciphertext_bytes_max', limits?.ciphertextBytesMax, CIPHERTEXT_BYTES_MAX],
        ['requests_in_flight_max', limits?.requestsInFlightMax, REQUESTS_IN_FLIGHT_MAX],
        ['push_items_max', limits?.pushItemsMax, PUSH_ITEMS_MAX],
        ['page_bytes_max', limits?.pageBytesMax, PAGE_BYTES_MAX],
        ['credit_bytes_max', limits?.creditBytesMax, CREDIT_BYTES_MAX],
      ] as const;
      for (const [name, value = 0, max] of bounds) {
        expectThat(name, value >= 1 && value <= max, `1 to ${max}`, value);
      }
    },
  },
  'relay/hello/known-device': {
    title: 'An enrolled device is let in without its enrolment, and is told its own head and that of the group',
    requirements: ['SE-11', 'SE-15', 'RL-68'],
    run: async (scene) => {
      const { author, reader: sibling } = await scene.pair();
      const { client, device } = author;
      await client.push(device.items(3));
      await sibling.client.push(sibling.device.items(2));
      await leave(client);
      const again = await scene.connect();
      const ack = await again.hello(device, { enrolment: false });
      expectMembers('HelloAck', ack, { head: 5n });
      expectMembers('own_head', placeOf(ack.ownHead), { sequence: 3, hash: device.previous });
    },
  },
  'relay/hello/enrolment-again': {
    title: 'An enrolment that the relay has already changes nothing',
    requirements: ['SE-11', 'SE-12'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const before = await devicesOf(client);
      const again = await scene.member(device);
      const after = await devicesOf(again.client);
      expect('version', after.version, before.version);
      expect('records', after.records.length, 1);
    },
  },
  'relay/hello/device-list': {
    title: 'ListDevices gives every member record as it was sent, and its version grows with it',
    requirements: ['GR-08', 'GR-14', 'RL-68'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const before = await devicesOf(client);
      const sibling = await scene.member(device.group.device());
      const after = await devicesOf(client);
      expectThat('version', after.version > before.version, `more than ${before.version}`, after.version);
      expect('records', after.records.length, 2);
      for (const record of [recordOf(device), recordOf(sibling.device)]) {
        const found = after.records.find(({ body }) => String(body) === String(record.body));
        const { deviceSignature, authSignature } = record;
        expectMembers('the record', found, { deviceSignature, authSignature });
      }
    },
  },
};
