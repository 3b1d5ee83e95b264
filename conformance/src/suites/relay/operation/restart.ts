import { equal, toHex } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import { DRAIN_MS } from '@0k-sync/generated/limits';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { Group, itemOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { Ended } from '@0k-sync/testkit/raw';
import { TimedOut, within } from '@0k-sync/testkit/time';
import type { Scenario } from '../../../model.ts';
import { inArena, type Member } from '../arena.ts';
import { stateOf } from '../attack.ts';
import { control, holds, numberOf, same } from '../checks.ts';
import { arenaOf, openRelay, untilExpired } from '../relays.ts';
import type { RelayTarget } from '../target.ts';

/** Acknowledged envelopes: H by cursor. */
type Acknowledged = Map<number, string>;

/** What a loaded machine may add to a deadline, ms. */
const SLACK_MS = 5000;
/** How many acknowledgements there are before the kill. */
const ENOUGH = 90;

interface Life {
  isKilled: boolean;
  reached(): void;
}

/** Pushes without end until the relay is gone; notes what was acknowledged as durable. */
async function pushUntilGone({ client, device }: Member, acknowledged: Acknowledged, life: Life) {
  try {
    for (;;) {
      const sealed = [device.seal(), device.seal(), device.seal()];
      const { results, durable } = await client.push(sealed.map((each) => itemOf(each)));
      same('durable', durable, true);
      for (const [index, { cursor }] of results.entries()) {
        acknowledged.set(Number(cursor), toHex(sealed[index]?.hash ?? new Uint8Array(0)));
      }
      if (acknowledged.size >= ENOUGH) life.reached();
    }
  } catch (error) {
    // A process that was killed says nothing: what waits for it times out, or ends when this side closes.
    if (!life.isKilled || !(error instanceof Ended || error instanceof TimedOut)) throw error;
  }
}

export const restartScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/restart/killed-while-pushing',
    title: 'What was acknowledged before a KILL is there after it, at its cursor, and cursors go on',
    level: 'must',
    requirements: ['RL-21', 'RL-30', 'RL-41', 'RL-68', 'SE-15'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const relay = await openRelay(arena);
      const before = arenaOf(arena, relay);
      const group = new Group();
      const members = await Promise.all([1, 2, 3].map(() => before.member(group.device())));
      const acknowledged: Acknowledged = new Map();
      const { promise: reached, resolve } = Promise.withResolvers<void>();
      const life: Life = { isKilled: false, reached: resolve };
      const pushing = members.map((member) => pushUntilGone(member, acknowledged, life));
      const pushed = Promise.all(pushing);
      // It fails when this scenario gives up, too.
      pushed.catch(() => {});
      await within(Promise.race([reached, pushed]), 'acknowledgements', 15_000);
      life.isKilled = true;
      await relay.restart('KILL');
      await before.dispose();
      await pushed;
      const after = arenaOf(arena, relay);
      const [first] = members;
      if (first === undefined) throw new TypeError('three members were made');
      const again = await after.member(first.device);
      const { segment } = await again.client.pull();
      const stored = new Map(
        segment?.envelopes.map((envelope) => [Number(envelope.cursor), toHex(envelopeHash(crypto, envelope))]),
      );
      for (const [cursor, hash] of acknowledged) same(`H at cursor ${cursor}`, stored.get(cursor), hash);
      same(
        'cursors',
        [...stored.keys()],
        Array.from({ length: stored.size }, (_, index) => index + 1),
      );
      same('head', again.ack.head, BigInt(stored.size));
      const next = await after.member(group.device());
      const { results } = await next.client.push(next.device.items(1));
      same('the next cursor', results[0]?.cursor, BigInt(stored.size + 1));
    }),
  },
  {
    id: 'relay/restart/killed',
    title: 'After a KILL the relay has the same keys, log, members and heads, and knows repeats',
    level: 'must',
    requirements: ['HS-20', 'RL-25', 'RL-51', 'RL-60', 'RL-68', 'SE-15'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const relay = await openRelay(arena);
      const before = arenaOf(arena, relay);
      const { client, device } = await before.member();
      const items = device.items(5);
      await control('an honest push', () => client.push(items));
      const [state, { nodeId, mlkemKey }] = [await stateOf(client), client];
      await relay.restart('KILL');
      const after = arenaOf(arena, relay);
      const again = await after.connect();
      same('NodeId', again.nodeId, nodeId);
      holds('KEM key', equal(again.mlkemKey, mlkemKey), 'the same', 'another');
      const ack = await again.hello(device, { enrolment: false });
      same('head', ack.head, 5n);
      same('own_sequence', ack.ownSequence, 5n);
      same('own_hash', ack.ownHash, device.previous);
      same('what a member reads', await stateOf(again), state);
      const { results } = await again.push(items);
      same(
        'statuses',
        results.map(({ status }) => status),
        items.map(() => PushStatus.PUSH_STATUS_DUPLICATE),
      );
      const next = await again.push(device.items(1));
      same('the next cursor', next.results[0]?.cursor, 6n);
    }),
  },
  {
    id: 'relay/restart/acknowledged',
    title: 'What a device acknowledged before a restart it may acknowledge again, and no more',
    level: 'must',
    requirements: ['RL-48'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const relay = await openRelay(arena);
      const { client, device } = await arenaOf(arena, relay).member();
      await client.push(device.items(2));
      await client.pull();
      client.send({ $case: 'ack', value: { cursor: 2n } }, 0);
      await client.push(device.items(1));
      await relay.restart('TERM');
      const again = await arenaOf(arena, relay).member(device);
      again.client.send({ $case: 'ack', value: { cursor: 2n } }, 0);
      await again.client.push(device.items(1));
      same('errors', again.client.inbox.log.filter(({ frame }) => frame.body?.$case === 'error').length, 0);
      again.client.send({ $case: 'ack', value: { cursor: 3n } }, 0);
      same('the refusal', (await again.client.expect('error')).code, numberOf('CURSOR_OUT_OF_RANGE'));
    }),
  },
  {
    id: 'relay/restart/after-expiry',
    title: 'Cursors and heads go on after a restart when every envelope had been removed',
    level: 'must',
    requirements: ['RL-30', 'RL-50', 'RL-51', 'RL-68'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const relay = await openRelay(arena, { expire_ms: 1000 });
      const { client, device } = await arenaOf(arena, relay).member();
      await client.push(device.items(3));
      await untilExpired(client, 3);
      await relay.gc();
      await relay.restart('KILL');
      const again = await arenaOf(arena, relay).member(device);
      same('head', again.ack.head, 3n);
      same('floor', again.ack.floor, 3n);
      same('own_sequence', again.ack.ownSequence, 3n);
      const { results } = await again.client.push(device.items(1));
      same('the next cursor', results[0]?.cursor, 4n);
    }),
  },
  {
    id: 'relay/restart/terminated',
    title: 'TERM: GoAway to all, new requests are refused, Bye ends in order, who lingers is closed, nothing is lost',
    level: 'must',
    requirements: ['RL-67', 'SE-21', 'SE-80', 'SE-84', 'SE-88', 'SE-90', 'SE-93', 'SE-99'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const relay = await openRelay(arena, {}, 'others');
      const before = arenaOf(arena, relay);
      const { client, device } = await before.member();
      const lingering = await before.member(device.group.device());
      const stranger = await before.connect();
      await control('an honest push', () => client.push(device.items(2)));
      const restarted = relay.restart('TERM');
      // Whatever fails below, the restart has to be over before the relay is closed.
      const settled = restarted.catch(() => {});
      arena.later(() => settled);
      const { code } = await client.expect('goAway');
      same('the number of GoAway', code, numberOf('RELAY_SHUTTING_DOWN'));
      const request = client.send({ $case: 'push', value: { items: device.items(1) } });
      const answer = await client.answer(request);
      holds('the answer while it drains', answer.$case === 'error', 'a refusal', answer.$case);
      same('the refusal', answer.value.code, numberOf('RELAY_SHUTTING_DOWN'));
      await client.ping();
      client.bye();
      same('the close after Bye', (await client.gone()).code, 0);
      await Promise.all([lingering.client, stranger].map((each) => each.expect('goAway')));
      await stranger.gone();
      await lingering.client.gone(DRAIN_MS + SLACK_MS);
      await restarted;
      const again = await arenaOf(arena, relay).member(lingering.device);
      same('head', again.ack.head, 2n);
    }),
  },
];
