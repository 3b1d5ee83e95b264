import { concat } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { REQUESTS_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import { within } from '@0k-sync/testkit/time';
import { delimited, frameBytes } from '@0k-sync/testkit/wire';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, leave, Stage } from '../attack.ts';
import { holds, numberOf, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

const pull: FrameBody = { $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 1 } };
const subscribe: FrameBody = {
  $case: 'subscribe',
  value: { after: 0n, hashAtAfter: new Uint8Array(0), creditBytes: 1 },
};
const ping: FrameBody = { $case: 'ping', value: {} };
const bytesOf = (body: FrameBody, requestId: number) => delimited(frameBytes(body, requestId));

/** A frame or two of a member that end the session for their request_id. SE-04. */
function outOfState(act: (client: RawClient) => Promise<void> | void): (target: RelayTarget) => Promise<void> {
  return inArena(async (arena) => {
    const stage = await Stage.set(arena);
    await attack(stage, { classes: ['frame.state'], connection: 'closed' }, async () => {
      const client = await stage.session();
      await act(client);
      return client;
    });
  });
}

export const requestScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/request/id-zero',
    title: 'A request with request_id 0 ends the session',
    level: 'must',
    requirements: ['SE-04'],
    requires: [],
    run: outOfState((client) => void client.send(pull, 0)),
  },
  {
    id: 'relay/request/id-in-use',
    title: 'Two requests under one request_id, the first unanswered, end the session',
    level: 'must',
    requirements: ['SE-04'],
    requires: [],
    run: outOfState((client) => client.sendPlaintext(concat(bytesOf(subscribe, 5), bytesOf(pull, 5)))),
  },
  {
    id: 'relay/request/id-of-the-subscription',
    title: "The subscription's request_id stays taken after its first Deliver",
    level: 'must',
    requirements: ['SE-04', 'RL-44'],
    requires: [],
    run: outOfState(async (client) => {
      client.send(subscribe, 5);
      await client.answer(5);
      client.send(pull, 5);
    }),
  },
  {
    id: 'relay/request/id-without-answer',
    title: 'A frame that has no answer carries 0; another request_id ends the session',
    level: 'must',
    requirements: ['SE-04'],
    requires: [],
    run: outOfState((client) => void client.send({ $case: 'ack', value: { cursor: 0n } }, 5)),
  },
  {
    id: 'relay/request/id-again',
    title: 'A request_id may be used again once it was answered, the highest one too',
    level: 'must',
    requirements: ['SE-04'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      for (const id of [5, 5, 0xffff_ffff, 0xffff_ffff]) {
        client.send(pull, id);
        same('the answer', (await client.answer(id)).$case, 'page');
      }
    }),
  },
  {
    id: 'relay/request/pipelined',
    title: 'As many requests as may be in flight, sent at once, are each answered under their request_id',
    level: 'must',
    requirements: ['SE-03', 'SE-05'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, ack } = await arena.member();
      const count = Math.min(REQUESTS_IN_FLIGHT_MAX, ack.limits?.requestsInFlightMax ?? 1);
      const ids = Array.from({ length: count }, (_, index) => 1000 + index);
      client.sendPlaintext(concat(...ids.map((id) => bytesOf(pull, id))));
      for (const id of ids) same('the answer', (await client.answer(id)).$case, 'page');
    }),
  },
  {
    id: 'relay/request/too-many-in-flight',
    title: 'Twice as many requests as may be in flight are all answered, or refused as too many',
    level: 'must',
    requirements: ['SE-05'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const { client, device } = await arena.member(stage.group.device());
      const ids = Array.from({ length: 2 * REQUESTS_IN_FLIGHT_MAX }, (_, index) => 1000 + index);
      const push = (): FrameBody => ({ $case: 'push', value: { items: [itemOf(device.advance(device.forge()))] } });
      client.sendPlaintext(concat(...ids.map((id) => bytesOf(push(), id))));
      const answers = await Promise.all(ids.map((id) => client.answer(id).catch(() => undefined)));
      if (answers.every((answer) => answer?.$case === 'pushAck')) return;
      const end = await client.gone();
      const last = answers.findLast((answer) => answer !== undefined && answer.$case === 'error');
      const code = last?.$case === 'error' ? last.value.code : end.code;
      same('the refusal', code, numberOf('REQUESTS_EXCEEDED'));
      await stage.control();
    }),
  },
  {
    id: 'relay/request/in-order',
    title: 'Requests take effect in the order sent: a Pull behind a Push reads what was pushed',
    level: 'must',
    requirements: ['SE-06'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      for (let round = 1; round <= 8; round += 1) {
        const push: FrameBody = { $case: 'push', value: { items: device.items(3) } };
        const read: FrameBody = {
          $case: 'pull',
          value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 500_000 },
        };
        client.sendPlaintext(concat(bytesOf(push, 2 * round), bytesOf(read, 2 * round + 1)));
        const [, page] = await Promise.all([client.answer(2 * round), client.answer(2 * round + 1)]);
        holds('the answer', page.$case === 'page', 'page', page.$case);
        same('the head that the Pull saw', page.value.segment?.head, BigInt(3 * round));
      }
    }),
  },
  {
    id: 'relay/session/second-stream',
    title: 'A second stream is reset and the session goes on',
    level: 'must',
    requirements: ['SE-01'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const other = client.connection.openStream();
      const { promise: closed, resolve } = Promise.withResolvers<number>();
      other.receive({ data: () => {}, end: () => {}, closed: resolve });
      other.write(Uint8Array.of(0x30, 0x4b, 2, 0));
      await within(closed, 'reset of the second stream');
      await client.ping();
    }),
  },
  {
    id: 'relay/session/bye',
    title: 'Bye: what was asked before it is answered, then the stream ends and the connection closes with 0',
    level: 'must',
    requirements: ['SE-20', 'SE-89'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const push: FrameBody = { $case: 'push', value: { items: device.items(20) } };
      const bye: FrameBody = { $case: 'bye', value: {} };
      client.sendPlaintext(concat(bytesOf(push, 3), bytesOf(ping, 4), bytesOf(bye, 0)));
      const [pushed, ponged] = await Promise.all([client.answer(3), client.answer(4)]);
      same('the answer to the Push', pushed.$case, 'pushAck');
      same('the answer to the Ping', ponged.$case, 'pong');
      await within(client.streamEnded, 'end of the stream');
      same('the close', (await client.gone()).code, 0);
    }),
  },
  {
    id: 'relay/session/independent',
    title: 'Ending one session of a device, in order or not, touches no other one',
    level: 'must',
    requirements: ['SE-23'],
    requires: [],
    run: inArena(async (arena) => {
      const first = await arena.member();
      const [second, third] = [await arena.member(first.device), await arena.member(first.device)];
      first.client.subscribe();
      await first.client.expect('deliver');
      await leave(second.client);
      await third.client.close(7);
      const { client, device } = await arena.member(first.device);
      await client.push(device.items(1));
      same('the live delivery', (await first.client.expect('deliver')).segment?.next, 1n);
    }),
  },
];
