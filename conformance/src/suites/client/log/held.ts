import { setTimeout as pause } from 'node:timers/promises';
import { sealMessage } from '../contents.ts';
import { READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { control, expectSame, expectTrue } from '../verdict.ts';
import { expectGap } from './gaps.ts';

const LOOKS_MAX = 100;
const LOOK_MS = 100;

/** The author writes `missing`, which the relay does not get, and `held`, which the client reads. @returns `missing` */
async function heldBehindGap(stage: Stage) {
  await stage.controlled('before');
  const { envelope } = sealMessage(stage.author, { content: 'missing' });
  stage.publish('held');
  // It may go on until the gap is closed: the kill ends it.
  stage.client.attempt('pull');
  await control('the cursor reaches what is held', () => cursorAtHead(stage));
  return envelope;
}

/** The cursor moves together with the data: CL-03. */
async function cursorAtHead({ client, log }: Stage): Promise<void> {
  for (let look = 0; look < LOOKS_MAX && (await client.cursor()) !== `${log.head}`; look += 1) await pause(LOOK_MS);
  expectSame('the cursor', await client.cursor(), `${log.head}`);
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
      const pulled = stage.client.attempt('pull');
      await expectGap(stage, stage.author.sequence - 1, stage.author.sequence - 1);
      const answer = await pulled;
      expectTrue('pull is done', 'ok' in answer, answer);
      await stage.deliveredOnce(['held']);
      await stage.controlled('after');
    }),
  },
];
