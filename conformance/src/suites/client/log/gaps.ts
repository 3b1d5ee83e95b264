import { toHex } from '@0k-sync/core/bytes';
import { GAP_BYTES_MAX, GAP_WAIT_MS } from '@0k-sync/generated/limits';
import { sealMessage } from '../contents.ts';
import { READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { control, expectSame } from '../verdict.ts';

const LARGE_BYTES = 190_000;

/** These sequences of the author have been given up. */
export async function expectGap({ client, author }: Stage, from: number, to: number): Promise<void> {
  const gap = await client.event('gap');
  expectSame('the gap', [gap.sender, Number(gap.from), Number(gap.to)], [toHex(author.keys.deviceKey), from, to]);
}

/** The client reads all there is, and GAP_WAIT_MS pass. A pull may take as long as its gap. */
export async function waitsForGap({ client, log }: Stage): Promise<void> {
  const pulled = client.attempt('pull');
  await control('the cursor reaches what is held', () => client.reaches(`${log.head}`));
  await client.advance(GAP_WAIT_MS);
  await pulled;
}

/** Sequences that are missing in a sender's chain: cursors cannot show them. */
export const gapScenarios: readonly ClientScenario[] = [
  {
    id: 'client/gap/withheld',
    title: 'what a relay left out of the log is named, and what follows is delivered after GAP_WAIT_MS',
    level: 'must',
    requirements: ['EN-24', 'LI-27'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      sealMessage(stage.author, { content: 'withheld' });
      sealMessage(stage.author, { content: 'withheld too' });
      stage.publish('later');
      await waitsForGap(stage);
      await expectGap(stage, stage.author.sequence - 2, stage.author.sequence - 1);
      await stage.delivered(['before', 'later']);
      await stage.controlled('after');
      await stage.delivered(['before', 'later', 'after']);
    }),
  },
  {
    id: 'client/gap/reordered',
    title: 'two envelopes of one sender in the wrong order are delivered in its order, without an alarm',
    level: 'must',
    requirements: ['EN-08', 'EN-24'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.advance(0);
      const first = sealMessage(stage.author, { content: 'first' }).envelope;
      stage.publish('second');
      stage.inject(first);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'first', 'second', 'after']);
      expectSame('gaps and forks', [await stage.client.events('gap'), await stage.client.events('fork')], [[], []]);
    }),
  },
  {
    id: 'client/gap/two-in-one-place',
    title: 'of two envelopes that wait for one place, the one that fits what comes before it is delivered',
    level: 'must',
    requirements: ['EN-08', 'EN-24'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.advance(0);
      const { previous } = stage.author;
      const first = sealMessage(stage.author, { content: 'first' }).envelope;
      stage.inject(stage.twin('of another chain', { sequence: stage.author.sequence, previous }));
      stage.publish('second');
      stage.inject(first);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'first', 'second', 'after']);
      expectSame('gaps and forks', [await stage.client.events('gap'), await stage.client.events('fork')], [[], []]);
    }),
  },
  {
    id: 'client/gap/late',
    title: 'what comes after its place was given up is delivered then, and no fork',
    level: 'must',
    requirements: ['EN-21', 'EN-24'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const late = sealMessage(stage.author, { content: 'late' }).envelope;
      stage.publish('later');
      await waitsForGap(stage);
      await expectGap(stage, stage.author.sequence - 1, stage.author.sequence - 1);
      stage.inject(late);
      await stage.controlled('after');
      await stage.delivered(['before', 'later', 'late', 'after']);
      expectSame('forks', await stage.client.events('fork'), []);
    }),
  },
  {
    id: 'client/gap/bounded',
    title: 'more than GAP_BYTES_MAX behind a gap closes it at once',
    level: 'must',
    requirements: ['EN-25', 'LI-28'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      sealMessage(stage.author, { content: 'withheld' });
      const place = stage.author.sequence;
      const count = Math.ceil(GAP_BYTES_MAX / LARGE_BYTES) + 1;
      for (let index = 0; index < count; index += 1) stage.publish('x'.repeat(LARGE_BYTES));
      await stage.client.advance(0);
      await stage.client.act('pull');
      expectSame('the cursor', await stage.client.cursor(), `${stage.log.head}`);
      await expectGap(stage, place, place);
      expectSame('messages', (await stage.client.messages(1 + count)).length, 1 + count);
    }),
  },
];
