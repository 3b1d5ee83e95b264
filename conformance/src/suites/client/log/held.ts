import { GAP_WAIT_MS } from '@0k-sync/generated/limits';
import { sealMessage } from '../contents.ts';
import { READS } from '../forged.ts';
import { heard, onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { eventInTime } from '../time.ts';
import { comes, control, expectSame, expectTrue } from '../verdict.ts';
import { expectGap } from './gaps.ts';

/** The author writes `missing`, which the relay does not get, and `held`, which the client reads. @returns `missing` */
async function heldBehindGap(stage: Stage) {
  await stage.controlled('before');
  const { envelope } = sealMessage(stage.author, { content: 'missing' });
  stage.publish('held');
  // It may go on until the gap is closed: the kill ends it.
  stage.client.attempt('pull');
  await control('the cursor reaches what is held', () => stage.client.reaches(`${stage.log.head}`));
  return envelope;
}

/** The client is killed, and nobody has what it read any more. */
async function killedAlone(stage: Stage): Promise<void> {
  await stage.killAndReopen();
  stage.log.expireThrough(stage.log.head);
}

/** What waits behind a gap is stored: EN-24. */
export const heldScenarios: readonly ClientScenario[] = [
  {
    id: 'client/durable/held-survives',
    title: 'an envelope held behind a gap survives kill -9, and is delivered when the missing one comes',
    level: 'must',
    requirements: ['CL-03', 'EN-24'],
    requires: READS,
    run: onStage({ ownProcess: true }, async (stage) => {
      const missing = await heldBehindGap(stage);
      await killedAlone(stage);
      stage.inject(missing);
      await stage.client.act('pull');
      const texts = ['missing', 'held'];
      // A process that took longer than GAP_WAIT_MS to come back has given the place up, and says so.
      const isInOrder = (await stage.client.events('gap')).length === 0;
      await stage.deliveredOnce(isInOrder ? texts : texts.toReversed());
      expectSame('forks', await stage.client.events('fork'), []);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/held-given-up',
    title: 'an envelope held behind a gap survives kill -9, and is delivered when GAP_WAIT_MS are over',
    level: 'must',
    requirements: ['CL-03', 'EN-24', 'LI-27'],
    requires: READS,
    run: onStage({ ownProcess: true }, async (stage) => {
      await heldBehindGap(stage);
      await killedAlone(stage);
      const asked = heard(stage, 'pull');
      const pulled = stage.client.attempt('pull');
      await comes('a Pull', asked);
      await eventInTime(stage.client, 'gap', GAP_WAIT_MS);
      await expectGap(stage, stage.author.sequence - 1, stage.author.sequence - 1);
      const answer = await pulled;
      expectTrue('pull is done', 'ok' in answer, answer);
      await stage.deliveredOnce(['held']);
      await stage.controlled('after');
    }),
  },
];
