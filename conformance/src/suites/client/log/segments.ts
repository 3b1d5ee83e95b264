import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { type ClientActs, type ClientScene, READS, underAttack } from '../scene.ts';

type Lie = (segment: LogSegment) => LogSegment;

/** A segment that does not add up. */
interface Lying extends Claim {
  readonly lie: Lie;
}

/** The pull fails, nothing of the page is used, and an honest relay is read on from there. */
const lied = ({ lie }: Lying) =>
  underAttack(async (scene) => {
    const texts = ['one', 'two', 'three'];
    for (const text of texts) scene.publish(text);
    scene.relay.behaviour = { segment: lie };
    await scene.client.rejects('pull', ['cursor.gap']);
    return texts;
  });

/** The session ends, and an honest relay delivers from there on. */
const liedLive =
  ({ lie }: Lying) =>
  async (scene: ClientScene): Promise<void> => {
    await scene.serves('before');
    await scene.client.act('subscribe');
    scene.publish('live');
    await scene.delivered('before', 'live');
    const before = await scene.state();
    scene.relay.behaviour = { deliver: lie };
    scene.publish('one');
    expect('the class', (await scene.client.event('disconnected')).class, 'cursor.gap');
    expect('the state', await scene.state(), before);
    await scene.serves('after');
    await scene.delivered('before', 'live', 'one', 'after');
  };

const without =
  (index: number): Lie =>
  (segment) => ({
    ...segment,
    envelopes: segment.envelopes.filter((_, at) => at !== index),
  });

const renumbered = (segment: LogSegment, numberOf: (envelope: Envelope, index: number) => bigint): LogSegment => ({
  ...segment,
  envelopes: segment.envelopes.map((envelope, index) => ({ ...envelope, cursor: numberOf(envelope, index) })),
});

const pageLies: Readonly<Record<string, Lying>> = {
  'client/segment/first-missing': {
    title: 'a page that lacks its first envelope is refused',
    requirements: ['CL-02', 'RL-41'],
    lie: without(0),
  },
  'client/segment/middle-missing': {
    title: 'a page that lacks an envelope in its middle is refused',
    requirements: ['CL-02', 'CL-03', 'RL-41'],
    lie: without(1),
  },
  'client/segment/last-missing': {
    title: 'a page that lacks its last envelope is refused',
    requirements: ['CL-02', 'RL-41'],
    lie: without(2),
  },
  'client/segment/reordered': {
    title: 'a page whose envelopes are in another order is refused',
    requirements: ['CL-02', 'RL-41', 'RL-43'],
    lie: (segment) => ({ ...segment, envelopes: segment.envelopes.toReversed() }),
  },
  'client/segment/cursor-repeated': {
    title: 'a page with one cursor twice is refused',
    requirements: ['CL-02'],
    lie: (segment) => renumbered(segment, ({ cursor }, index) => (index === 1 ? cursor - 1n : cursor)),
  },
  'client/segment/cursors-shifted': {
    title: 'a page whose envelopes claim the cursors behind it is refused',
    requirements: ['CL-02'],
    lie: (segment) => renumbered(segment, ({ cursor }) => cursor + 3n),
  },
  'client/segment/after-above': {
    title: 'a page that begins above what was asked for is refused',
    requirements: ['CL-02'],
    lie: (segment) => ({ ...segment, after: segment.after + 1n }),
  },
  'client/segment/after-below': {
    title: 'a page that begins below what was asked for is refused',
    requirements: ['CL-02'],
    lie: (segment) => ({ ...segment, after: segment.after - 1n }),
  },
  'client/segment/removed-over-envelopes': {
    title: 'a page that says an envelope of its own was removed is refused',
    requirements: ['CL-02', 'RL-41'],
    lie: (segment) => ({ ...segment, removedThrough: segment.after + 1n }),
  },
  'client/segment/removed-below-after': {
    title: 'a page whose removed_through is below its after is refused',
    requirements: ['CL-02'],
    lie: (segment) => ({ ...segment, removedThrough: segment.after - 1n }),
  },
  'client/segment/next-beyond': {
    title: 'a page that moves the cursor over what it does not hold is refused',
    requirements: ['CL-02', 'CL-03'],
    lie: (segment) => ({ ...segment, next: segment.next + 5n, head: segment.next + 5n }),
  },
  'client/segment/head-below-next': {
    title: 'a page whose head is below its next is refused',
    requirements: ['CL-02'],
    lie: (segment) => ({ ...segment, head: segment.next - 1n }),
  },
};

const liveLies: Readonly<Record<string, Lying>> = {
  'client/segment/live-missing': {
    title: 'a delivery that lacks its envelope ends the session and moves nothing',
    requirements: ['CL-02', 'RL-44'],
    lie: without(0),
  },
  'client/segment/live-after': {
    title: 'a delivery that does not continue where the last one ended ends the session',
    requirements: ['CL-02', 'RL-44'],
    lie: (segment) => ({ ...segment, after: segment.after - 1n, removedThrough: segment.after }),
  },
};

/** RL-41 as a client checks it. */
export const segmentActs: ClientActs = {
  ...requiring(READS, actsOf(pageLies, lied)),
  ...requiring([...READS, 'subscribe'], actsOf(liveLies, liedLive)),
};
