import { type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import { numberOfError } from '@0k-sync/testkit/relay';
import type { RelayFault } from './fault.ts';

/** Acknowledged, and lost when it is killed. */
const UNWRITTEN = 5;

function accepted(cursor: bigint): PushResult {
  return { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor, error: undefined };
}

/** Mistakes in how a relay stores and keeps its log. */
export const storingFaults: readonly RelayFault[] = [
  {
    name: 'relay-stores-half-pushes',
    level: 'relay',
    what: 'stores something for a member that vanished in the middle of a Push',
    killedBy: ['relay/flood/vanishing'],
    behaviour: () => ({
      ending: (code, { member }) => {
        const [first] = member?.group.envelopes ?? [];
        if (code === numberOfError('STREAM_TRUNCATED') && first !== undefined) member?.group.append({ ...first });
        return 'end';
      },
    }),
  },
  {
    name: 'relay-cursor-reset',
    level: 'relay',
    what: 'counts cursors from the stored envelopes when it starts, so they begin anew after retention',
    killedBy: ['relay/restart/after-expiry'],
    behaviour: () => ({
      restart: ({ groups }) => {
        for (const group of groups.values()) if (group.envelopes.length === 0) group.floor = 0;
      },
    }),
  },
  {
    name: 'relay-acks-before-durable',
    level: 'relay',
    what: 'acknowledges before the commit is on disk, so a KILL loses what was acknowledged',
    killedBy: ['relay/restart/killed-while-pushing', 'relay/restart/killed', 'relay/restart/after-expiry'],
    behaviour: () => ({
      restart: ({ groups }, signal) => {
        if (signal !== 'KILL') return;
        for (const group of groups.values()) group.rollBackTo(Math.max(group.floor, group.head - UNWRITTEN));
      },
    }),
  },
  {
    name: 'relay-new-keys',
    level: 'relay',
    what: 'makes new keys at every start',
    killedBy: ['relay/restart/killed'],
    behaviour: () => ({
      restart: (state) => {
        state.seed = state.seed.map((byte) => byte ^ 0x5a);
      },
    }),
  },
  {
    name: 'relay-takes-any-chain',
    level: 'relay',
    what: 'stores what does not continue its sender’s chain',
    killedBy: [
      'relay/push/wrong-previous',
      'relay/push/gap',
      'relay/push/first-refusal-ends-it',
      'relay/backfill/another-hash',
      'relay/backfill/does-not-reach',
      'relay/backfill/upwards',
    ],
    behaviour: () => ({
      push: (carryOut, { envelope }, group) => {
        const result = carryOut();
        if (result.error?.code !== numberOfError('CHAIN_BROKEN') || envelope === undefined) return result;
        return accepted(group.append(envelope));
      },
    }),
  },
  {
    name: 'relay-stores-repeats',
    level: 'relay',
    what: 'stores a repeat again under a new cursor',
    killedBy: [
      'relay/push/duplicate',
      'relay/push/duplicate-within',
      'relay/history/two-sessions',
      'relay/operator/quota-envelopes',
      'relay/restart/killed',
    ],
    behaviour: () => ({
      push: (carryOut, { envelope }, group) => {
        const result = carryOut();
        if (result.status !== PushStatus.PUSH_STATUS_DUPLICATE || envelope === undefined) return result;
        return accepted(group.append(envelope));
      },
    }),
  },
  {
    name: 'relay-hides-the-conflict',
    level: 'relay',
    what: 'refuses another envelope for a stored sequence without showing the stored one',
    killedBy: ['relay/push/conflict-shows-evidence'],
    behaviour: () => ({
      push: (carryOut) => {
        const result = carryOut();
        return result.error === undefined ? result : { ...result, error: { ...result.error, conflict: undefined } };
      },
    }),
  },
];
