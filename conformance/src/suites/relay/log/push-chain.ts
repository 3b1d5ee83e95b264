import { PushStatus } from '@0k-sync/generated/wire/frame';
import { itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { stateOf } from '../attack.ts';
import { holds, same, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { accepted, pushOne } from './pushing.ts';

/** What a Push does to the chain of its sender and to the log. */
export const pushChainScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/push/duplicate',
    title: 'A repeat, also of an older one and on another connection, is answered with the cursor it has',
    level: 'must',
    requirements: ['RL-25', 'EN-13'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const items = device.items(3);
      await client.push(items);
      const before = await stateOf(client);
      const other = await arena.member(device);
      for (const from of [client, other.client]) {
        for (const [index, item] of items.entries()) {
          const again = await pushOne(from, item);
          same('status', again.status, PushStatus.PUSH_STATUS_DUPLICATE);
          same('cursor', again.cursor, BigInt(index + 1));
        }
      }
      same('the log', await stateOf(client), before);
    }),
  },
  {
    id: 'relay/push/duplicate-within',
    title: 'An item twice in one Push is stored once',
    level: 'must',
    requirements: ['RL-25'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const [item] = device.items(1);
      if (item === undefined) throw new TypeError('one item was asked for');
      const { results } = await client.push([item, item]);
      accepted('the first', results[0], 1);
      same('status of the second', results[1]?.status, PushStatus.PUSH_STATUS_DUPLICATE);
      same('cursor of the second', results[1]?.cursor, 1n);
    }),
  },
  {
    id: 'relay/push/conflict-shows-evidence',
    title: 'The refusal of another envelope for a stored sequence carries the stored one',
    level: 'must',
    requirements: ['RL-27'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const stored = device.forge();
      accepted('the first', await pushOne(client, itemOf(stored)), 1);
      const { error } = await pushOne(client, itemOf(device.forge()));
      sameClass('the refusal', error?.code, 'envelope.chain');
      same('header of the conflict', error?.conflict?.header, stored.envelope.header);
      same('ciphertext of the conflict', error?.conflict?.ciphertext, stored.envelope.ciphertext);
      same('signature of the conflict', error?.conflict?.signature, stored.envelope.signature);
      same('cursor of the conflict', error?.conflict?.cursor, 1n);
    }),
  },
  {
    id: 'relay/push/first-anywhere',
    title: 'The first envelope that a relay sees of a sender may have any sequence and previous',
    level: 'must',
    requirements: ['RL-24'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const first = device.advance(device.forge({ sequence: 41, previous: random(32) }));
      accepted('the first', await pushOne(client, itemOf(first)), 1);
      accepted('the next', await pushOne(client, itemOf(device.seal())), 2);
    }),
  },
  {
    id: 'relay/push/skip',
    title: 'A flagged item above the head is stored, and the chain goes on from it',
    level: 'must',
    requirements: ['RL-24'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      await client.push(device.items(2));
      const jump = device.advance(device.forge({ sequence: 9, previous: random(32) }));
      accepted('the flagged one', await pushOne(client, itemOf(jump, true)), 3);
      accepted('the next', await pushOne(client, itemOf(device.seal())), 4);
      const old = await pushOne(client, itemOf(device.forge({ sequence: 5 }), true));
      holds('a flagged one below the head', old.status !== PushStatus.PUSH_STATUS_ACCEPTED, 'not stored', 'ACCEPTED');
    }),
  },
  {
    id: 'relay/push/first-refusal-ends-it',
    title: 'The first refusal ends a Push: what was before it stands, what is after it was not tried',
    level: 'must',
    requirements: ['RL-20'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const good = device.items(2);
      const bad = itemOf(device.forge({ previous: random(32) }));
      const after = itemOf(device.forge());
      const { results } = await client.push([...good, bad, after]);
      same('results', results.length, 3);
      accepted('the second', results[1], 2);
      same('status of the third', results[2]?.status, PushStatus.PUSH_STATUS_REFUSED);
      same('head', (await client.pull()).segment?.head, 2n);
      accepted('the one not tried', await pushOne(client, after), 3);
    }),
  },
  {
    id: 'relay/push/received-at',
    title: 'received_at_ms never falls within a group, and what a client writes there is ignored',
    level: 'must',
    requirements: ['RL-30'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const items = device.items(6).map(({ envelope }, index) => ({
        envelope: envelope && { ...envelope, cursor: 900n, receivedAtMs: index % 2 === 0 ? 1n : 9_000_000_000_000n },
        skip: false,
      }));
      for (const item of items) await pushOne(client, item);
      const { envelopes = [] } = (await client.pull()).segment ?? {};
      same(
        'cursors',
        envelopes.map(({ cursor }) => cursor),
        [1n, 2n, 3n, 4n, 5n, 6n],
      );
      const times = envelopes.map(({ receivedAtMs }) => Number(receivedAtMs));
      same(
        'received_at_ms',
        times,
        [...times].sort((a, b) => a - b),
      );
      holds(
        'received_at_ms',
        times.every((ms) => ms > 1e12 && ms < 8e12),
        "the relay's clock",
        times.join(),
      );
    }),
  },
  {
    id: 'relay/push/groups-are-apart',
    title: 'Two groups have cursors of their own, and neither reads anything of the other',
    level: 'must',
    requirements: ['RL-22', 'RL-30'],
    requires: [],
    run: inArena(async (arena) => {
      const [one, other] = [await arena.member(), await arena.member()];
      other.client.subscribe();
      await other.client.expect('deliver');
      await one.client.push(one.device.items(3, 'of one group'));
      accepted('the other group', await pushOne(other.client, itemOf(other.device.seal())), 1);
      same('the live delivery', (await other.client.expect('deliver')).segment?.envelopes.length, 1);
      const { segment } = await other.client.pull();
      same('head', segment?.head, 1n);
      same('envelopes', segment?.envelopes.length, 1);
      const { records } = await other.client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      same('records', records.length, 1);
    }),
  },
];
