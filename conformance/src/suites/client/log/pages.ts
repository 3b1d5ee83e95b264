import { envelopeCost } from '@0k-sync/core/session';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { amid, type ClientActs, type ClientScene, READS, type SceneOptions, underAttack } from '../scene.ts';

/** Requests after which a client that has asked in vain asks no more. */
const SETTLED_REQUESTS_MAX = 8;

/** A log of `count` messages in pages of `perPage`. */
interface Paged extends Claim {
  readonly count: number;
  readonly perPage: number;
}

/** Publishes so many, all of one size. */
function publishMany(scene: ClientScene, count: number): readonly string[] {
  const written = Array.from({ length: count }, (_, index) => `message ${String(index).padStart(4, '0')}`);
  for (const text of written) scene.publish(text);
  return written;
}

/** A pull fails, and the client does not go on asking. */
export async function asksInVain(scene: ClientScene, classes: readonly string[]): Promise<void> {
  const asked = scene.requests('pull').length;
  await scene.client.rejects('pull', classes);
  const count = scene.requests('pull').length - asked;
  expectThat('Pulls', count <= SETTLED_REQUESTS_MAX, 'a few at most', count);
}

const pagedActs: ClientActs = actsOf<Paged, ClientScene, SceneOptions>(
  {
    'client/pages/one-by-one': {
      title: 'a pull goes on while has_more says so: pages of one envelope',
      requirements: ['CL-04', 'RL-40'],
      count: 12,
      perPage: 1,
    },
    'client/pages/exact-boundary': {
      title: 'a log that ends with a full page is read to its end, and no further',
      requirements: ['CL-04', 'RL-40'],
      count: 9,
      perPage: 3,
    },
    'client/pages/boundary-and-one': {
      title: 'one envelope behind a full page is read too',
      requirements: ['CL-04', 'RL-40'],
      count: 10,
      perPage: 3,
    },
  },
  ({ count, perPage }) =>
    async (scene) => {
      await scene.serves('before');
      const written = publishMany(scene, count);
      const cost = Math.max(...scene.log.envelopes.slice(-count).map(envelopeCost));
      const asked = scene.requests('pull').length;
      scene.relay.behaviour = {
        request: (request) => {
          if (request.$case === 'pull') request.value.bytesMax = cost * perPage;
          return undefined;
        },
      };
      await scene.client.act('pull');
      const pulls = scene.requests('pull').length - asked;
      expectThat('Pulls', pulls >= count / perPage, `at least ${count / perPage}`, pulls);
      await scene.delivered('before', ...written);
      expect('the cursor', await scene.client.cursor(), `${scene.log.head}`);
      await scene.serves('after');
    },
);

/** Reading on until there is no more. */
export const pageActs: ClientActs = requiring(READS, {
  ...pagedActs,
  'client/pages/has-more-moves-nothing': {
    title: 'a page that has more and moves nothing is an error, not a loop',
    requirements: ['CL-04'],
    run: underAttack(async (scene) => {
      scene.publish('one');
      scene.relay.behaviour = {
        answer: (reply, request) => {
          if (request.$case !== 'pull') return reply;
          const { after } = request.value;
          const segment = { after, removedThrough: after, envelopes: [], next: after, head: after + 9n };
          return { $case: 'page', value: { segment, hasMore: true } };
        },
      };
      await asksInVain(scene, ['cursor.gap']);
      return ['one'];
    }),
  },
  'client/pages/has-more-denied': {
    title: 'a relay that hides the rest behind has_more false loses nothing: the next pull brings it',
    requirements: ['CL-04', 'CL-05'],
    run: amid(async (scene) => {
      const shown = BigInt(scene.publish('shown'));
      scene.publish('hidden');
      scene.relay.behaviour = {
        segment: (segment) => ({ ...segment, envelopes: segment.envelopes.slice(0, 1), next: shown, head: shown }),
      };
      await scene.client.act('pull');
      await scene.delivered('before', 'shown');
      expect('the cursor', await scene.client.cursor(), `${shown}`);
      return ['shown', 'hidden'];
    }),
  },
  'client/pages/grows': {
    title: 'a pull of a log that grows with every page ends at the head that its first page named',
    requirements: ['CL-04'],
    run: async (scene) => {
      const { client, relay, author } = scene;
      await scene.serves('before');
      const written: string[] = [];
      const grow = () => {
        const text = `page ${written.length}`;
        written.push(text);
        scene.log.append(author.seal(text).envelope);
      };
      grow();
      const asked = scene.requests('pull').length;
      relay.behaviour = {
        answer: (reply) => {
          if (reply === 'silence' || !('$case' in reply) || reply.$case !== 'page') return reply;
          // An end of its own: a client that follows is seen by its Pulls.
          const hasMore = scene.requests('pull').length - asked < SETTLED_REQUESTS_MAX;
          if (hasMore) grow();
          return { ...reply, value: { ...reply.value, hasMore } };
        },
      };
      await client.act('pull');
      expect('Pulls', scene.requests('pull').length - asked, 1);
      await scene.serves('after');
      await scene.delivered('before', ...written, 'after');
    },
  },
  'client/pages/many': {
    title: 'a thousand messages arrive each once and in order',
    requirements: ['CL-03', 'CL-04'],
    run: async (scene) => {
      await scene.serves('before');
      const written = publishMany(scene, 1000);
      await scene.client.act('pull');
      await scene.delivered('before', ...written);
    },
  },
});
