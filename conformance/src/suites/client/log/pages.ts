import { envelopeCost } from '@0k-sync/core/session';
import { READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue } from '../verdict.ts';

const SETTLED_REQUESTS_MAX = 8;

/** Publishes so many, all of one size. */
function publishMany(stage: Stage, count: number): readonly string[] {
  const written = Array.from({ length: count }, (_, index) => `message ${String(index).padStart(4, '0')}`);
  for (const text of written) stage.publish(text);
  return written;
}

/** A log of `count` messages in pages of `perPage`. */
function inPages(count: number, perPage: number) {
  return onStage({}, async (stage) => {
    await stage.controlled('before');
    const written = publishMany(stage, count);
    const cost = Math.max(...stage.log.envelopes.slice(-count).map(envelopeCost));
    const asked = stage.requests('pull').length;
    stage.relay.behaviour = {
      request: (request) => {
        if (request.$case === 'pull') request.value.bytesMax = cost * perPage;
        return undefined;
      },
    };
    await stage.client.act('pull');
    expectTrue(
      'several pages',
      stage.requests('pull').length - asked >= count / perPage,
      stage.requests('pull').length,
    );
    await stage.delivered(['before', ...written]);
    expectSame('the cursor', await stage.client.cursor(), `${stage.log.head}`);
    await stage.controlled('after');
  });
}

/** Reading on until there is no more. */
export const pageScenarios: readonly ClientScenario[] = [
  {
    id: 'client/pages/one-by-one',
    title: 'a pull goes on while has_more says so: pages of one envelope',
    level: 'must',
    requirements: ['CL-04', 'RL-40'],
    requires: READS,
    run: inPages(12, 1),
  },
  {
    id: 'client/pages/exact-boundary',
    title: 'a log that ends with a full page is read to its end, and no further',
    level: 'must',
    requirements: ['CL-04', 'RL-40'],
    requires: READS,
    run: inPages(9, 3),
  },
  {
    id: 'client/pages/boundary-and-one',
    title: 'one envelope behind a full page is read too',
    level: 'must',
    requirements: ['CL-04', 'RL-40'],
    requires: READS,
    run: inPages(10, 3),
  },
  {
    id: 'client/pages/has-more-moves-nothing',
    title: 'a page that has more and moves nothing is an error, not a loop',
    level: 'must',
    requirements: ['CL-04'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      stage.publish('one');
      const asked = stage.requests('pull').length;
      const before = await stage.client.state();
      stage.relay.behaviour = {
        answer: (reply, request) => {
          if (request.$case !== 'pull') return reply;
          const { after } = request.value;
          const segment = { after, removedThrough: after, envelopes: [], next: after, head: after + 9n };
          return { $case: 'page', value: { segment, hasMore: true } };
        },
      };
      await stage.client.rejects('pull', ['cursor.gap']);
      expectTrue('a few requests at most', stage.requests('pull').length - asked <= SETTLED_REQUESTS_MAX);
      expectSame('the state', await stage.client.state(), before);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'after']);
    }),
  },
  {
    id: 'client/pages/has-more-denied',
    title: 'a relay that hides the rest behind has_more false loses nothing: the next pull brings it',
    level: 'must',
    requirements: ['CL-04', 'CL-05'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      stage.publish('shown');
      const shown = BigInt(stage.log.head);
      stage.publish('hidden');
      stage.relay.behaviour = {
        segment: (segment) => ({ ...segment, envelopes: segment.envelopes.slice(0, 1), next: shown, head: shown }),
      };
      await stage.client.act('pull');
      await stage.delivered(['before', 'shown']);
      expectSame('the cursor', await stage.client.cursor(), `${shown}`);
      await stage.controlled('after');
      await stage.delivered(['before', 'shown', 'hidden', 'after']);
    }),
  },
  {
    id: 'client/pages/many',
    title: 'a thousand messages arrive each once and in order',
    level: 'must',
    requirements: ['CL-03', 'CL-04'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const written = publishMany(stage, 1000);
      await stage.client.act('pull');
      await stage.delivered(['before', ...written]);
    }),
  },
];
