import { concat } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { REQUESTS_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import { within } from '@0k-sync/testkit/time';
import { delimited, frameBytes } from '@0k-sync/testkit/wire';
import { event, expect, expectThat, numberOf } from '../../expect.ts';
import { attacks, Encounter } from '../attack.ts';
import { leave, type RelayActs } from '../scene.ts';

const start = { after: 0n, hashAtAfter: new Uint8Array(0) };
const pull: FrameBody = { $case: 'pull', value: { ...start, bytesMax: 1 } };
const subscribe: FrameBody = { $case: 'subscribe', value: { ...start, creditBytes: 1 } };
const ping: FrameBody = { $case: 'ping', value: {} };
const bytesOf = (body: FrameBody, requestId: number) => delimited(frameBytes(body, requestId));

export const requestActs: RelayActs = {
  ...attacks({
    'relay/request/id-zero': {
      title: 'A request with request_id 0 ends the session',
      requirements: ['SE-04'],
      refusal: 'frame.state',
      act: (client) => client.send(pull, 0),
    },
    'relay/request/id-in-use': {
      title: 'Two requests under one request_id, the first unanswered, end the session',
      requirements: ['SE-04'],
      refusal: 'frame.state',
      act: (client) => client.sendPlaintext(concat(bytesOf(subscribe, 5), bytesOf(pull, 5))),
    },
    'relay/request/id-of-the-subscription': {
      title: "The subscription's request_id stays taken after its first Deliver",
      requirements: ['SE-04', 'RL-44'],
      refusal: 'frame.state',
      act: async (client) => {
        client.send(subscribe, 5);
        await client.answer(5);
        client.send(pull, 5);
      },
    },
    'relay/request/id-without-answer': {
      title: 'A frame that has no answer carries 0; another request_id ends the session',
      requirements: ['SE-04'],
      refusal: 'frame.state',
      act: (client) => client.send({ $case: 'ack', value: { cursor: 0n } }, 5),
    },
  }),
  'relay/request/id-again': {
    title: 'A request_id may be used again once it was answered, the highest one too',
    requirements: ['SE-04'],
    run: async (scene) => {
      const { client } = await scene.member();
      for (const id of [5, 5, 0xffff_ffff, 0xffff_ffff]) {
        client.send(pull, id);
        expect('the answer', (await client.answer(id)).$case, 'page');
      }
    },
  },
  'relay/request/pipelined': {
    title: 'As many requests as may be in flight, sent at once, are each answered under their request_id',
    requirements: ['SE-03', 'SE-05'],
    run: async (scene) => {
      const { client, ack } = await scene.member();
      const count = Math.min(REQUESTS_IN_FLIGHT_MAX, ack.limits?.requestsInFlightMax ?? 1);
      const ids = Array.from({ length: count }, (_, index) => 1000 + index);
      client.sendPlaintext(concat(...ids.map((id) => bytesOf(pull, id))));
      for (const id of ids) expect('the answer', (await client.answer(id)).$case, 'page');
    },
  },
  'relay/request/too-many-in-flight': {
    title: 'Twice as many requests as may be in flight are all answered, or refused as too many',
    requirements: ['SE-05'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      const { client, device } = await scene.member(encounter.group.device());
      const ids = Array.from({ length: 2 * REQUESTS_IN_FLIGHT_MAX }, (_, index) => 1000 + index);
      const push = (): FrameBody => ({ $case: 'push', value: { items: [itemOf(device.advance(device.forge()))] } });
      client.sendPlaintext(concat(...ids.map((id) => bytesOf(push(), id))));
      const answers = await Promise.all(ids.map((id) => client.answer(id).catch(() => undefined)));
      if (answers.every((answer) => answer?.$case === 'pushAck')) return;
      const end = await client.gone();
      const last = answers.findLast((answer) => answer !== undefined && answer.$case === 'error');
      const code = last?.$case === 'error' ? last.value.code : end.code;
      expect('the refusal', code, numberOf('REQUESTS_EXCEEDED'));
      await encounter.twin();
    },
  },
  'relay/request/in-order': {
    title: 'Requests take effect in the order sent: a Pull behind a Push reads what was pushed',
    requirements: ['SE-06'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      for (let round = 1; round <= 8; round += 1) {
        const push: FrameBody = { $case: 'push', value: { items: device.items(3) } };
        const read: FrameBody = { $case: 'pull', value: { ...start, bytesMax: 500_000 } };
        client.sendPlaintext(concat(bytesOf(push, 2 * round), bytesOf(read, 2 * round + 1)));
        const [, page] = await Promise.all([client.answer(2 * round), client.answer(2 * round + 1)]);
        expectThat('the answer', page.$case === 'page', 'page', page.$case);
        expect('the head that the Pull saw', page.value.segment?.head, BigInt(3 * round));
      }
    },
  },
  'relay/session/second-stream': {
    title: 'A second stream is reset and the session goes on',
    requirements: ['SE-01'],
    run: async (scene) => {
      const { client } = await scene.member();
      const other = client.connection.openStream();
      const { seen: reset, happened } = event<number>();
      other.receive({ data: () => {}, end: () => {}, closed: happened });
      other.write(Uint8Array.of(0x30, 0x4b, 2, 0));
      await within(reset, 'reset of the second stream');
      await client.ping();
    },
  },
  'relay/session/bye': {
    title: 'Bye: what was asked before it is answered, then the stream ends and the connection closes with 0',
    requirements: ['SE-20', 'SE-89'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const push: FrameBody = { $case: 'push', value: { items: device.items(20) } };
      const bye: FrameBody = { $case: 'bye', value: {} };
      client.sendPlaintext(concat(bytesOf(push, 3), bytesOf(ping, 4), bytesOf(bye, 0)));
      const answers = await Promise.all([client.answer(3), client.answer(4)]);
      const kinds = answers.map(({ $case }) => $case);
      expect('the answers to Push and Ping', kinds, ['pushAck', 'pong']);
      await within(client.streamEnded, 'end of the stream');
      expect('the close', (await client.gone()).code, 0);
    },
  },
  'relay/session/independent': {
    title: 'Ending one session of a device, in order or not, touches no other one',
    requirements: ['SE-23'],
    run: async (scene) => {
      const first = await scene.member();
      const [second, third] = [await scene.member(first.device), await scene.member(first.device)];
      first.client.subscribe();
      await first.client.expect('deliver');
      await leave(second.client);
      await third.client.close(7);
      const { client, device } = await scene.member(first.device);
      await client.push(device.items(1));
      expect('the live delivery', (await first.client.expect('deliver')).segment?.next, 1n);
    },
  },
};
