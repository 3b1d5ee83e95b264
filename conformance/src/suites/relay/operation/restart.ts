import { toHex } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import { DRAIN_MS } from '@0k-sync/generated/limits';
import { Group, itemOf, placeOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { Ended } from '@0k-sync/testkit/raw';
import { PATIENCE_MS, TimedOut } from '@0k-sync/testkit/time';
import { requiring } from '../../acts.ts';
import { comes, control, event, expect, expectMembers, expectThat, numberOf } from '../../expect.ts';
import { stateOf } from '../attack.ts';
import { fateOf, judgeFate } from '../fate.ts';
import { acknowledge, errorsOf } from '../log/ack.ts';
import { DUPLICATE, statusesOf } from '../log/pushing.ts';
import { range } from '../log/reader.ts';
import { innerScene, openRelay, untilExpired } from '../relays.ts';
import type { Member, RelayActs } from '../scene.ts';

/** Acknowledgements before the kill. */
const ENOUGH = 90;
const BEYOND = { classes: ['cursor.range'], staysOpen: true } as const;
const SHUTTING_DOWN = numberOf('RELAY_SHUTTING_DOWN');

/** The envelopes that a relay acknowledged as durable while members push without end. */
class Acknowledged {
  /** H by cursor. */
  readonly hashes = new Map<number, string>();
  readonly enough = event();
  /** From now on the relay may be gone. */
  isKilled = false;

  /** Pushes until the relay is gone. */
  async pushOn({ client, device }: Member): Promise<void> {
    try {
      for (;;) {
        const sealed = [device.seal(), device.seal(), device.seal()];
        const { results, durable } = await client.push(sealed.map((each) => itemOf(each)));
        expect('durable', durable, true);
        for (const [index, { cursor }] of results.entries())
          this.hashes.set(Number(cursor), toHex(sealed[index]?.hash ?? new Uint8Array(0)));
        if (this.hashes.size >= ENOUGH) this.enough.happened();
      }
    } catch (error) {
      // A process that was killed says nothing: what waits for it times out, or ends when this side closes.
      if (!this.isKilled || !(error instanceof Ended || error instanceof TimedOut)) throw error;
    }
  }
}

/** The cursor that a member's next envelope gets. */
async function nextCursor({ client, device }: Member): Promise<bigint | undefined> {
  return (await client.push(device.items(1))).results[0]?.cursor;
}

/** Data that outlives the process of a relay. */
export const restartActs: RelayActs = requiring(['relay'], {
  'relay/restart/killed-while-pushing': {
    title: 'What was acknowledged before a KILL is there after it, at its cursor, and cursors go on',
    requirements: ['RL-21', 'RL-30', 'RL-41', 'RL-68', 'SE-15'],
    run: async (scene) => {
      const relay = await openRelay(scene);
      const before = innerScene(scene, relay);
      const group = new Group();
      const members = await Promise.all([1, 2, 3].map(() => before.member(group.device())));
      const acknowledged = new Acknowledged();
      const pushed = Promise.all(members.map((member) => acknowledged.pushOn(member)));
      // It fails when this scenario gives up, too.
      pushed.catch(() => {});
      await comes('acknowledgements', Promise.race([acknowledged.enough.seen, pushed]));
      acknowledged.isKilled = true;
      await relay.restart('KILL');
      await before.close();
      await pushed;
      const after = innerScene(scene, relay);
      const again = await after.member(members[0]?.device);
      const { segment } = await again.client.pull();
      const envelopes = segment?.envelopes ?? [];
      const stored = new Map(
        envelopes.map((envelope) => [Number(envelope.cursor), toHex(envelopeHash(crypto, envelope))]),
      );
      for (const [cursor, hash] of acknowledged.hashes) expect(`H at cursor ${cursor}`, stored.get(cursor), hash);
      expect('cursors', [...stored.keys()], range(0, stored.size));
      expect('head', again.ack.head, BigInt(stored.size));
      expect('the next cursor', await nextCursor(await after.member(group.device())), BigInt(stored.size + 1));
    },
  },
  'relay/restart/killed': {
    title: 'After a KILL the relay has the same keys, log, members and heads, and knows repeats',
    requirements: ['HS-20', 'RL-25', 'RL-51', 'RL-60', 'RL-68', 'SE-15'],
    run: async (scene) => {
      const relay = await openRelay(scene);
      const { client, device } = await innerScene(scene, relay).member();
      const items = device.items(5);
      await control('an honest push', () => client.push(items));
      const [state, { nodeId, mlkemKey }] = [await stateOf(client), client];
      await relay.restart('KILL');
      const again = await innerScene(scene, relay).connect();
      expectMembers('the keys', again, { nodeId, mlkemKey });
      const ack = await again.hello(device, { enrolment: false });
      expectMembers('HelloAck', ack, { head: 5n });
      expectMembers('own_head', placeOf(ack.ownHead), { sequence: 5, hash: device.previous });
      expect('what a member reads', await stateOf(again), state);
      const { results } = await again.push(items);
      const repeats = items.map(() => DUPLICATE);
      expect('statuses', statusesOf(results), repeats);
      expect('the next cursor', await nextCursor({ client: again, device, ack }), 6n);
    },
  },
  'relay/restart/acknowledged': {
    title: 'What a device acknowledged before a restart it may acknowledge again, and no more',
    requirements: ['RL-48'],
    run: async (scene) => {
      const relay = await openRelay(scene);
      const { client, device } = await innerScene(scene, relay).member();
      await client.push(device.items(2));
      await client.pull();
      acknowledge(client, 2);
      await client.push(device.items(1));
      await relay.restart('TERM');
      const again = await innerScene(scene, relay).member(device);
      acknowledge(again.client, 2);
      await again.client.push(device.items(1));
      expect('Errors', errorsOf(again.client), []);
      acknowledge(again.client, 3);
      judgeFate(await fateOf(again.client, BEYOND, () => again.client.pull()), BEYOND);
    },
  },
  'relay/restart/after-expiry': {
    title: 'Cursors and heads go on after a restart when every envelope had been removed',
    requirements: ['RL-30', 'RL-50', 'RL-51', 'RL-68'],
    run: async (scene) => {
      const relay = await openRelay(scene, { expire_ms: 1000 });
      const { client, device } = await innerScene(scene, relay).member();
      await client.push(device.items(3));
      await untilExpired(client, 3);
      await relay.gc();
      await relay.restart('KILL');
      const again = await innerScene(scene, relay).member(device);
      expectMembers('HelloAck', again.ack, { head: 3n, floor: 3n });
      expectMembers('own_head', placeOf(again.ack.ownHead), { sequence: 3, hash: device.previous });
      expect('the next cursor', await nextCursor(again), 4n);
    },
  },
  'relay/restart/terminated': {
    title: 'TERM: GoAway to all, new requests are refused, Bye ends in order, who lingers is closed, nothing is lost',
    requirements: ['RL-67', 'SE-21', 'SE-80', 'SE-84', 'SE-88', 'SE-90', 'SE-93', 'SE-99'],
    run: async (scene) => {
      const relay = await openRelay(scene, {}, 'others');
      const before = innerScene(scene, relay);
      const { author, reader: lingering } = await before.pair();
      const { client, device } = author;
      const stranger = await before.connect();
      await control('an honest push', () => client.push(device.items(2)));
      const restarted = relay.restart('TERM');
      // The restart has to be over before the relay is closed, also after a failure below.
      const settled = restarted.catch(() => {});
      scene.later(() => settled);
      expect('the number of GoAway', (await client.expect('goAway')).code, SHUTTING_DOWN);
      const answer = await client.answer(client.send({ $case: 'push', value: { items: device.items(1) } }));
      expectThat('the answer while it drains', answer.$case === 'error', 'a refusal', answer.$case);
      expect('the refusal', answer.value.code, SHUTTING_DOWN);
      await client.ping();
      client.bye();
      expect('the close after Bye', (await client.gone()).code, 0);
      for (const each of [lingering.client, stranger]) await each.expect('goAway');
      await stranger.gone();
      await lingering.client.gone(DRAIN_MS + PATIENCE_MS);
      await restarted;
      const again = await innerScene(scene, relay).member(lingering.device);
      expect('head', again.ack.head, 2n);
    },
  },
});
