import { toHex } from '@0k-sync/core/bytes';
import { GAP_BYTES_MAX, GAP_WAIT_MS } from '@0k-sync/generated/limits';
import { requiring } from '../../acts.ts';
import { control, expect } from '../../expect.ts';
import { amid, type ClientActs, type ClientScene, READS } from '../scene.ts';

const LARGE_BYTES = 190_000;

/** These sequences of the author have been given up. */
export async function expectGap({ client, author }: ClientScene, from: number, to: number): Promise<void> {
  const gap = await client.event('gap');
  expect('the gap', [gap.sender, Number(gap.from), Number(gap.to)], [toHex(author.keys.deviceKey), from, to]);
}

/** The client reads all there is, and GAP_WAIT_MS pass. A pull may take as long as its gap. */
export async function waitsForGap({ client, log }: ClientScene): Promise<void> {
  const pulled = client.attempt('pull');
  await control('the cursor reaches what is held', () => client.reaches(`${log.head}`));
  await client.advance(GAP_WAIT_MS);
  await pulled;
}

/** Both have come, in the order of their sequences, and nobody was alarmed. */
async function arriveInOrder(scene: ClientScene): Promise<void> {
  await scene.client.act('pull');
  await scene.serves('after');
  await scene.delivered('before', 'first', 'second', 'after');
  const alarms = [await scene.client.events('gap'), await scene.client.events('fork')];
  expect('gaps and forks', alarms, [[], []]);
}

/** Sequences that are missing in a sender's chain: cursors cannot show them. */
export const gapActs: ClientActs = requiring(READS, {
  'client/gap/withheld': {
    title: 'what a relay left out of the log is named, and what follows is delivered once the log was read to its head',
    requirements: ['EN-24'],
    run: amid(async (scene) => {
      for (const text of ['withheld', 'withheld too']) scene.author.next(text);
      scene.publish('later');
      await waitsForGap(scene);
      await expectGap(scene, scene.author.sequence - 2, scene.author.sequence - 1);
      await scene.delivered('before', 'later');
      return ['later'];
    }),
  },
  'client/gap/reordered': {
    title: 'two envelopes of one sender in the wrong order are delivered in its order, without an alarm',
    requirements: ['EN-08', 'EN-24'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.client.advance(0);
      const first = scene.author.next('first');
      scene.publish('second');
      scene.inject(first);
      await arriveInOrder(scene);
    },
  },
  'client/gap/two-in-one-place': {
    title: 'of two envelopes that wait for one place, the one that fits what comes before it is delivered',
    requirements: ['EN-08', 'EN-24'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.client.advance(0);
      const { previous } = scene.author;
      const [first, second] = [scene.author.next('first'), scene.author.next('second')];
      scene.inject(scene.author.twin('of another chain', previous));
      scene.append(second);
      scene.inject(first);
      await arriveInOrder(scene);
    },
  },
  'client/gap/late': {
    title: 'what comes after its place was given up is delivered then, and no fork',
    requirements: ['EN-21', 'EN-24'],
    run: async (scene) => {
      await scene.serves('before');
      const late = scene.author.next('late');
      scene.publish('later');
      await waitsForGap(scene);
      await expectGap(scene, scene.author.sequence - 1, scene.author.sequence - 1);
      scene.inject(late);
      await scene.serves('after');
      await scene.delivered('before', 'later', 'late', 'after');
      expect('forks', await scene.client.events('fork'), []);
    },
  },
  'client/gap/bounded': {
    title: 'more than GAP_BYTES_MAX behind a gap closes it at once',
    requirements: ['EN-25', 'LI-28'],
    run: async (scene) => {
      await scene.serves('before');
      scene.author.next('withheld');
      const place = scene.author.sequence;
      const count = Math.ceil(GAP_BYTES_MAX / LARGE_BYTES) + 1;
      for (let index = 0; index < count; index += 1) scene.publish('x'.repeat(LARGE_BYTES));
      await scene.client.advance(0);
      await scene.client.act('pull');
      expect('the cursor', await scene.client.cursor(), `${scene.log.head}`);
      await expectGap(scene, place, place);
      expect('messages', (await scene.client.messages(1 + count)).length, 1 + count);
    },
  },
});
