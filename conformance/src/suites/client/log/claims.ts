import { PAGE_BYTES_MAX, PUSH_ITEMS_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import type { HelloAck, Limits } from '@0k-sync/generated/wire/frame';
import type { Claim } from '../forged.ts';
import { READS } from '../forged.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue } from '../verdict.ts';

const U32_MAX = 0xffffffff;

/** A HelloAck that claims something: everything arrives all the same, and the cursor is what was read. */
function claimed(claim: Claim, hello: (ack: HelloAck) => Partial<HelloAck>): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: [...READS, 'push', 'disconnect'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      stage.publish('one');
      stage.relay.behaviour = { hello: (ack) => ({ ...ack, ...hello(ack) }) };
      await stage.client.act('push', { text: 'own', wait: true });
      await stage.client.act('pull');
      await stage.delivered(['before', 'one']);
      expectSame('the cursor', await stage.client.cursor(), `${stage.log.head}`);
      expectSame('expired', await stage.client.events('expired'), []);
      for (const { bytesMax } of stage.requests('pull'))
        expectTrue(`bytes_max from 1 to ${PAGE_BYTES_MAX}`, bytesMax >= 1 && bytesMax <= PAGE_BYTES_MAX, bytesMax);
      for (const { items } of stage.requests('push'))
        expectTrue(`at most ${PUSH_ITEMS_MAX} items`, items.length <= PUSH_ITEMS_MAX, items.length);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'after']);
    }),
  };
}

function limitsOf(value: number): Limits {
  return {
    frameBytesMax: value,
    ciphertextBytesMax: value,
    requestsInFlightMax: value,
    pushItemsMax: value,
    pageBytesMax: value,
    creditBytesMax: value,
  };
}

/** A relay's word is a claim. */
export const claimScenarios: readonly ClientScenario[] = [
  claimed(
    {
      id: 'client/claim/head-huge',
      title: 'a huge head in HelloAck moves no cursor',
      requirements: ['CL-05', 'SE-16'],
    },
    () => ({ head: BigInt(SAFE_INTEGER_MAX) }),
  ),
  claimed(
    {
      id: 'client/claim/head-zero',
      title: 'a head of 0 in HelloAck does not silence the client',
      requirements: ['CL-05', 'SE-16'],
    },
    () => ({ head: 0n }),
  ),
  claimed(
    {
      id: 'client/claim/floor-huge',
      title: 'a huge floor in HelloAck expires nothing',
      requirements: ['CL-05', 'CL-08', 'SE-16'],
    },
    () => ({ floor: BigInt(SAFE_INTEGER_MAX), head: BigInt(SAFE_INTEGER_MAX) }),
  ),
  claimed(
    {
      id: 'client/claim/epoch',
      title: 'an epoch in HelloAck that nobody knows changes nothing',
      requirements: ['SE-16', 'GR-06'],
    },
    () => ({ epoch: 9 }),
  ),
  claimed(
    {
      id: 'client/claim/server-time',
      title: 'a relay that lives in another century changes nothing',
      requirements: ['SE-16'],
    },
    () => ({ serverTimeMs: 1n }),
  ),
  claimed(
    {
      id: 'client/claim/limits-huge',
      title: 'limits above the spec’s are clamped to it',
      requirements: ['SE-16'],
    },
    () => ({ limits: limitsOf(U32_MAX) }),
  ),
  claimed(
    {
      id: 'client/claim/limits-zero',
      title: 'limits of 0 do not stop the client',
      requirements: ['SE-16'],
    },
    () => ({ limits: limitsOf(0) }),
  ),
  {
    id: 'client/claim/page-head-huge',
    title: 'a huge head in a page moves no cursor: the next pull asks after what was read',
    level: 'must',
    requirements: ['CL-03', 'CL-05'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      stage.publish('one');
      stage.relay.behaviour = {
        answer: (reply) => {
          if (!('$case' in Object(reply))) return reply;
          if (typeof reply === 'string' || !('$case' in reply) || reply.$case !== 'page') return reply;
          const { segment } = reply.value;
          if (segment === undefined) return reply;
          const huge = { ...segment, head: BigInt(SAFE_INTEGER_MAX) };
          return { $case: 'page', value: { segment: huge, hasMore: false } };
        },
      };
      await stage.client.act('pull');
      expectSame('the cursor', await stage.client.cursor(), `${stage.log.head}`);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'after']);
    }),
  },
  {
    id: 'client/claim/own-push-cursor',
    title: 'the cursor that a PushAck tells moves no pull cursor: what others wrote before is read',
    level: 'must',
    requirements: ['RL-49', 'CL-03'],
    requires: [...READS, 'push'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const cursor = await stage.client.cursor();
      stage.publish('between');
      await stage.client.act('push', { text: 'own', wait: true });
      expectSame('the cursor', await stage.client.cursor(), cursor);
      await stage.controlled('after');
      await stage.delivered(['before', 'between', 'after']);
    }),
  },
];
