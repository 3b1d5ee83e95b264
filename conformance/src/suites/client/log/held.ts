import { GAP_WAIT_MS } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { giving, requiring } from '../../acts.ts';
import { comes, control, expect, expectThat } from '../../expect.ts';
import { type ClientActs, type ClientScene, heard, READS } from '../scene.ts';
import { eventInTime } from '../time.ts';
import { expectGap } from './gaps.ts';

/**
 * The author writes `missing`, which the relay does not get, and `held`, which the client reads. The client is killed
 * then, and nobody has `held` any more. @returns `missing`
 */
async function heldBehindGap(scene: ClientScene): Promise<Envelope> {
  await scene.serves('before');
  const missing = scene.author.next('missing');
  const head = BigInt(scene.log.head + 1);
  // The relay claims to have more, and does not give it now: what is missing may still come.
  scene.relay.behaviour = {
    segment: (segment) => ({ ...segment, head: segment.head + 1n }),
    request: (body) => (body.$case === 'pull' && body.value.after >= head ? { error: 'RATE_LIMITED' } : undefined),
  };
  scene.publish('held');
  scene.client.attempt('pull');
  await control('the cursor reaches what is held', () => scene.client.reaches(`${scene.log.head}`));
  await scene.killAndReopen();
  scene.relay.behaviour = {};
  scene.log.expireThrough(scene.log.head);
  return missing;
}

/** Envelopes behind a gap are stored: EN-24. */
export const heldActs: ClientActs = giving(
  { ownProcess: true },
  requiring(READS, {
    'client/durable/held-survives': {
      title: 'an envelope held behind a gap survives kill -9, and is delivered when the missing one comes',
      requirements: ['CL-03', 'EN-24'],
      run: async (scene) => {
        scene.inject(await heldBehindGap(scene));
        await scene.client.act('pull');
        const texts = ['missing', 'held'];
        // A process that took longer than GAP_WAIT_MS to come back has given the place up, and says so.
        const isInOrder = (await scene.client.events('gap')).length === 0;
        await scene.deliveredOnce(...(isInOrder ? texts : texts.toReversed()));
        expect('forks', await scene.client.events('fork'), []);
        await scene.serves('after');
      },
    },
    'client/durable/held-given-up': {
      title: 'an envelope held behind a gap survives kill -9, and is delivered when nothing can bring the missing one',
      requirements: ['CL-03', 'EN-24'],
      run: async (scene) => {
        await heldBehindGap(scene);
        const asked = heard(scene, 'pull');
        const pulled = scene.client.attempt('pull');
        await comes('a Pull', asked);
        await eventInTime(scene.client, 'gap', GAP_WAIT_MS);
        await expectGap(scene, scene.author.sequence - 1, scene.author.sequence - 1);
        const answer = await pulled;
        expectThat('the pull', 'ok' in answer, 'ok', answer);
        await scene.deliveredOnce('held');
        await scene.serves('after');
      },
    },
  }),
);
