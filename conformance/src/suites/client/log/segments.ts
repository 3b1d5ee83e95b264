import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { type Claim, READS } from '../forged.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame } from '../verdict.ts';

type Lie = (segment: LogSegment) => LogSegment;

/** A page that does not add up: the pull fails, nothing of it is used, and an honest relay is read on from there. */
function lied(claim: Claim, lie: Lie): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      for (const text of ['one', 'two', 'three']) stage.publish(text);
      const before = await stage.client.state();
      stage.relay.behaviour = { segment: lie };
      await stage.client.rejects('pull', ['cursor.gap']);
      expectSame('the state', await stage.client.state(), before);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'two', 'three', 'after']);
    }),
  };
}

/** The same in what comes live. */
function liedLive(claim: Claim, lie: Lie): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: [...READS, 'subscribe'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('subscribe');
      stage.publish('live');
      await stage.delivered(['before', 'live']);
      const before = await stage.client.state();
      stage.relay.behaviour = { deliver: lie };
      stage.publish('one');
      expectSame('the class', (await stage.client.event('disconnected')).class, 'cursor.gap');
      expectSame('the state', await stage.client.state(), before);
      await stage.controlled('after');
      await stage.delivered(['before', 'live', 'one', 'after']);
    }),
  };
}

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

/** RL-41 as a client checks it. */
export const segmentScenarios: readonly ClientScenario[] = [
  lied(
    {
      id: 'client/segment/first-missing',
      title: 'a page that lacks its first envelope is refused',
      requirements: ['CL-02', 'RL-41'],
    },
    without(0),
  ),
  lied(
    {
      id: 'client/segment/middle-missing',
      title: 'a page that lacks an envelope in its middle is refused',
      requirements: ['CL-02', 'CL-03', 'RL-41'],
    },
    without(1),
  ),
  lied(
    {
      id: 'client/segment/last-missing',
      title: 'a page that lacks its last envelope is refused',
      requirements: ['CL-02', 'RL-41'],
    },
    without(2),
  ),
  lied(
    {
      id: 'client/segment/reordered',
      title: 'a page whose envelopes are in another order is refused',
      requirements: ['CL-02', 'RL-41', 'RL-43'],
    },
    (segment) => ({ ...segment, envelopes: segment.envelopes.toReversed() }),
  ),
  lied(
    {
      id: 'client/segment/cursor-repeated',
      title: 'a page with one cursor twice is refused',
      requirements: ['CL-02'],
    },
    (segment) => renumbered(segment, ({ cursor }, index) => (index === 1 ? cursor - 1n : cursor)),
  ),
  lied(
    {
      id: 'client/segment/cursors-shifted',
      title: 'a page whose envelopes claim the cursors behind it is refused',
      requirements: ['CL-02'],
    },
    (segment) => renumbered(segment, ({ cursor }) => cursor + 3n),
  ),
  lied(
    {
      id: 'client/segment/after-above',
      title: 'a page that begins above what was asked for is refused',
      requirements: ['CL-02'],
    },
    (segment) => ({ ...segment, after: segment.after + 1n }),
  ),
  lied(
    {
      id: 'client/segment/after-below',
      title: 'a page that begins below what was asked for is refused',
      requirements: ['CL-02'],
    },
    (segment) => ({ ...segment, after: segment.after - 1n }),
  ),
  lied(
    {
      id: 'client/segment/removed-over-envelopes',
      title: 'a page that says an envelope of its own was removed is refused',
      requirements: ['CL-02', 'RL-41'],
    },
    (segment) => ({ ...segment, removedThrough: segment.after + 1n }),
  ),
  lied(
    {
      id: 'client/segment/removed-below-after',
      title: 'a page whose removed_through is below its after is refused',
      requirements: ['CL-02'],
    },
    (segment) => ({ ...segment, removedThrough: segment.after - 1n }),
  ),
  lied(
    {
      id: 'client/segment/next-beyond',
      title: 'a page that moves the cursor over what it does not hold is refused',
      requirements: ['CL-02', 'CL-03'],
    },
    (segment) => ({ ...segment, next: segment.next + 5n, head: segment.next + 5n }),
  ),
  lied(
    {
      id: 'client/segment/head-below-next',
      title: 'a page whose head is below its next is refused',
      requirements: ['CL-02'],
    },
    (segment) => ({ ...segment, head: segment.next - 1n }),
  ),
  liedLive(
    {
      id: 'client/segment/live-missing',
      title: 'a delivery that lacks its envelope ends the session and moves nothing',
      requirements: ['CL-02', 'RL-44'],
    },
    without(0),
  ),
  liedLive(
    {
      id: 'client/segment/live-after',
      title: 'a delivery that does not continue where the last one ended ends the session',
      requirements: ['CL-02', 'RL-44'],
    },
    (segment) => ({ ...segment, after: segment.after - 1n, removedThrough: segment.after }),
  ),
];
