import { PAGE_BYTES_MAX, PUSH_ITEMS_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import type { HelloAck, Limits } from '@0k-sync/generated/wire/frame';
import type { Reply } from '@0k-sync/testkit/relay';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { amid, type ClientActs, type ClientScene, READS } from '../scene.ts';

const U32_MAX = 0xffffffff;

/** A claim in a HelloAck. */
interface Claimed extends Claim {
  readonly hello: () => Partial<HelloAck>;
}

/** The client reads everything in spite of the claim, and its cursor is the last one that it read. */
function claims(rows: Readonly<Record<string, Claimed>>): ClientActs {
  return actsOf(rows, ({ hello }) =>
    amid(async (scene) => {
      const { client, relay } = scene;
      await client.act('disconnect');
      scene.publish('one');
      relay.behaviour = { hello: (ack) => ({ ...ack, ...hello() }) };
      await client.act('push', { text: 'own', wait: true });
      await client.act('pull');
      await scene.delivered('before', 'one');
      expect('the cursor', await client.cursor(), `${scene.log.head}`);
      expect('expired', await client.events('expired'), []);
      expectRequestsWithinLimits(scene);
      return ['one'];
    }),
  );
}

function expectRequestsWithinLimits(scene: ClientScene): void {
  for (const { bytesMax } of scene.requests('pull'))
    expectThat('bytes_max', bytesMax >= 1 && bytesMax <= PAGE_BYTES_MAX, `from 1 to ${PAGE_BYTES_MAX}`, bytesMax);
  for (const { items } of scene.requests('push'))
    expectThat('items', items.length <= PUSH_ITEMS_MAX, `at most ${PUSH_ITEMS_MAX}`, items.length);
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

const helloActs = claims({
  'client/claim/head-huge': {
    title: 'a huge head in HelloAck moves no cursor',
    requirements: ['CL-05', 'SE-16'],
    hello: () => ({ head: BigInt(SAFE_INTEGER_MAX) }),
  },
  'client/claim/head-zero': {
    title: 'a head of 0 in HelloAck does not silence the client',
    requirements: ['CL-05', 'SE-16'],
    hello: () => ({ head: 0n }),
  },
  'client/claim/floor-huge': {
    title: 'a huge floor in HelloAck expires nothing',
    requirements: ['CL-05', 'CL-08', 'SE-16'],
    hello: () => ({ floor: BigInt(SAFE_INTEGER_MAX), head: BigInt(SAFE_INTEGER_MAX) }),
  },
  'client/claim/epoch': {
    title: 'an epoch in HelloAck that nobody knows changes nothing',
    requirements: ['SE-16', 'GR-06'],
    hello: () => ({ epoch: 9 }),
  },
  'client/claim/server-time': {
    title: 'a relay that lives in another century changes nothing',
    requirements: ['SE-16'],
    hello: () => ({ serverTimeMs: 1n }),
  },
  'client/claim/limits-huge': {
    title: 'limits above the spec’s are clamped to it',
    requirements: ['SE-16'],
    hello: () => ({ limits: limitsOf(U32_MAX) }),
  },
  'client/claim/limits-zero': {
    title: 'limits of 0 do not stop the client',
    requirements: ['SE-16'],
    hello: () => ({ limits: limitsOf(0) }),
  },
});

/** A page of a log that goes on far behind it, as it says. */
function withHugeHead(reply: Reply): Reply {
  if (typeof reply === 'string' || !('$case' in reply) || reply.$case !== 'page') return reply;
  const { segment } = reply.value;
  if (segment === undefined) return reply;
  return { $case: 'page', value: { segment: { ...segment, head: BigInt(SAFE_INTEGER_MAX) }, hasMore: false } };
}

/** A relay's word is a claim. */
export const claimActs: ClientActs = requiring(READS, {
  ...requiring([...READS, 'push', 'disconnect'], helloActs),
  'client/claim/page-head-huge': {
    title: 'a huge head in a page moves no cursor: the next pull asks after what was read',
    requirements: ['CL-03', 'CL-05'],
    run: amid(async (scene) => {
      scene.publish('one');
      scene.relay.behaviour = { answer: withHugeHead };
      await scene.client.act('pull');
      expect('the cursor', await scene.client.cursor(), `${scene.log.head}`);
      return ['one'];
    }),
  },
  'client/claim/own-push-cursor': {
    title: 'the cursor that a PushAck tells moves no pull cursor: what others wrote before is read',
    requirements: ['RL-49', 'CL-03'],
    requires: [...READS, 'push'],
    run: amid(async (scene) => {
      const cursor = await scene.client.cursor();
      scene.publish('between');
      await scene.client.act('push', { text: 'own', wait: true });
      expect('the cursor', await scene.client.cursor(), cursor);
      return ['between'];
    }),
  },
});
