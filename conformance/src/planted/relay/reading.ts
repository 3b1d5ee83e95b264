import { equal } from '@0k-sync/core/bytes';
import { envelopeCost } from '@0k-sync/core/session';
import { CREDIT_BYTES_MAX, PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { GroupLog, ScriptedSession } from '@0k-sync/testkit/relay';
import type { RelayFault } from './fault.ts';

/** Number of requests above that of any honest reader of a scenario. */
const REQUESTS_OF_A_FLOOD = 100;

function bytesOf({ envelopes }: LogSegment): number {
  return envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0);
}

/** Mistakes in how a relay serves its log. */
export const readingFaults: readonly RelayFault[] = [
  {
    name: 'relay-reads-from-after',
    level: 'relay',
    what: 'compares with >= where it reads above a cursor, so the envelope there is served again',
    killedBy: ['relay/pull/after', 'relay/pull/*', 'relay/subscribe/*', 'relay/history/concurrent'],
    behaviour: () => ({
      segment: (segment, after, _, { member }) => {
        const repeated = member?.group.envelopes.find(({ cursor }) => cursor === BigInt(after));
        return repeated === undefined ? segment : { ...segment, envelopes: [repeated, ...segment.envelopes] };
      },
    }),
  },
  {
    name: 'relay-has-more-at-the-limit',
    level: 'relay',
    what: 'says that there is more when a page is exactly full',
    killedBy: ['relay/pull/page-items-max', 'relay/pull/bytes-boundary'],
    behaviour: () => ({
      answer: (reply, request) => {
        if (typeof reply === 'string' || !('$case' in reply)) return reply;
        if (reply.$case !== 'page' || request.$case !== 'pull' || reply.value.segment === undefined) return reply;
        const { segment, hasMore } = reply.value;
        const isFull = segment.envelopes.length === PAGE_ITEMS_MAX || bytesOf(segment) === request.value.bytesMax;
        return { $case: 'page', value: { segment, hasMore: hasMore || isFull } };
      },
    }),
  },
  {
    name: 'relay-page-one-too-few',
    level: 'relay',
    what: 'leaves out the last envelope of a page that it would fill exactly',
    killedBy: ['relay/pull/bytes-boundary', 'relay/pull/page-bytes-max'],
    behaviour: () => ({
      segment: (segment, _, bytesMax) => {
        if (segment.envelopes.length < 2 || bytesOf(segment) !== bytesMax) return segment;
        return { ...segment, envelopes: segment.envelopes.slice(0, -1), next: segment.next - 1n };
      },
    }),
  },
  {
    name: 'relay-later-cursor-first',
    level: 'relay',
    what: 'shows the last envelope of a stretch before the one in front of it is visible',
    killedBy: [
      'relay/history/concurrent',
      'relay/restart/killed-while-pushing',
      'relay/subscribe/{backlog-then-live,from-a-cursor,after-the-other-left,large-batch,without-credit}',
    ],
    behaviour: () => ({
      segment: (segment) => {
        if (segment.envelopes.length < 2) return segment;
        return { ...segment, envelopes: segment.envelopes.toSpliced(-2, 1) };
      },
    }),
  },
  {
    name: 'relay-leaks-across-groups',
    level: 'relay',
    what: "adds another group's envelope to what it serves",
    killedBy: ['relay/push/groups-are-apart'],
    behaviour: () => ({
      segment: (segment, _, __, { relay, member }) => {
        const others = [...relay.state.groups.values()].filter((group) => group !== member?.group);
        const [foreign] = others.flatMap(({ envelopes }) => envelopes.slice(0, 1));
        if (foreign === undefined || segment.envelopes.length > 2) return segment;
        const next = segment.next + 1n;
        const envelopes = [...segment.envelopes, { ...foreign, cursor: next }];
        return { ...segment, envelopes, next, head: segment.head < next ? next : segment.head };
      },
    }),
  },
  {
    name: 'relay-ignores-roll-back',
    level: 'relay',
    what: 'serves a reader that has read another log',
    killedBy: ['relay/pull/another-log', 'relay/pull/no-hash', 'relay/pull/above-head'],
    behaviour: () => ({
      request: (request, session) => {
        if (request.$case !== 'pull') return undefined;
        const bytesMax = Math.min(request.value.bytesMax, session.relay.settings.pageBytesMax);
        const segment = session.read(Number(request.value.after), bytesMax);
        return { $case: 'page', value: { segment, hasMore: segment.next < segment.head } };
      },
    }),
  },
  {
    name: 'relay-reads-a-turn-late',
    level: 'relay',
    what: 'serves what it has stored only after a turn of its loop, so that a Pull behind a Push misses it',
    killedBy: ['relay/request/in-order'],
    behaviour: () => {
      const visible = new WeakMap<GroupLog, number>();
      return {
        push: (carryOut, _, group) => {
          if (!visible.has(group)) setImmediate(() => visible.delete(group));
          visible.set(group, visible.get(group) ?? group.head);
          return carryOut();
        },
        segment: (segment, after, _, { member }) => {
          const head = member && visible.get(member.group);
          if (head === undefined || after > head) return segment;
          const envelopes = segment.envelopes.filter(({ cursor }) => cursor <= head);
          return { ...segment, envelopes, next: BigInt(after + envelopes.length), head: BigInt(head) };
        },
      };
    },
  },
  {
    name: 'relay-serves-no-own-envelopes',
    level: 'relay',
    what: 'gives a device nothing of what it has pushed itself',
    killedBy: ['relay/pull/own-envelopes', 'relay/subscribe/own-pushes'],
    behaviour: () => ({
      segment: (segment, _, __, { member }) => {
        const isOwn = ({ header }: Envelope) =>
          member !== undefined && equal(EnvelopeHeader.decode(header).senderKey, member.deviceKey);
        return { ...segment, envelopes: segment.envelopes.filter((envelope) => !isOwn(envelope)) };
      },
    }),
  },
  {
    name: 'relay-delivers-when-there-is-something',
    level: 'relay',
    what: 'sends no first Deliver while there is nothing to deliver',
    killedBy: ['relay/subscribe/empty'],
    behaviour: () => ({ deliver: (segment) => (segment.envelopes.length === 0 ? 'silence' : segment) }),
  },
  {
    name: 'relay-ignores-credit',
    level: 'relay',
    what: 'delivers on when the credit is used up',
    killedBy: [
      'relay/subscribe/credit',
      'relay/subscribe/credit-of-the-backlog',
      'relay/subscribe/credit-max',
      'relay/subscribe/without-credit',
    ],
    behaviour: () => ({
      deliver: (segment, { subscription }) => {
        subscription?.addCredit(CREDIT_BYTES_MAX);
        return segment;
      },
    }),
  },
  {
    name: 'relay-falls-silent',
    level: 'relay',
    what: 'says nothing more to who sends a flood of requests',
    killedBy: ['relay/flood/pings', 'relay/flood/small-frames'],
    behaviour: () => {
      const requests = new WeakMap<ScriptedSession, number>();
      return {
        request: ({ $case }, session) => {
          if (['pull', 'credit', 'ack'].includes($case)) requests.set(session, (requests.get(session) ?? 0) + 1);
          return undefined;
        },
        send: (bytes, session) => ((requests.get(session) ?? 0) > REQUESTS_OF_A_FLOOD ? new Uint8Array(0) : bytes),
      };
    },
  },
  {
    name: 'relay-takes-any-ack',
    level: 'relay',
    what: 'takes an Ack beyond what was delivered',
    killedBy: ['relay/ack/beyond', 'relay/restart/acknowledged'],
    behaviour: () => ({ request: (request) => (request.$case === 'ack' ? 'silence' : undefined) }),
  },
];
