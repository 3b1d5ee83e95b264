import { itemOf, placeOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { expect, expectClass, expectMembers, expectThat } from '../../expect.ts';
import { stateOf } from '../attack.ts';
import { devicesOf, type RelayActs } from '../scene.ts';
import { ACCEPTED, DUPLICATE, expectAccepted, pushOne, REFUSED } from './pushing.ts';
import { cursorsOf, range } from './reader.ts';

/** Effects of a Push on its sender's chain and on the log. */
export const pushChainActs: RelayActs = {
  'relay/push/duplicate': {
    title: 'A repeat, also of an older one and on another connection, is answered with the cursor it has',
    requirements: ['RL-25', 'EN-13'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const items = device.items(3);
      await client.push(items);
      const before = await stateOf(client);
      const other = await scene.member(device);
      for (const from of [client, other.client]) {
        for (const [index, item] of items.entries()) {
          const again = { status: DUPLICATE, cursor: BigInt(index + 1) };
          expectMembers('the repeat', await pushOne(from, item), again);
        }
      }
      expect('the log', await stateOf(client), before);
    },
  },
  'relay/push/duplicate-within': {
    title: 'An item twice in one Push is stored once',
    requirements: ['RL-25'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const items = device.items(1);
      const { results } = await client.push([...items, ...items]);
      expectAccepted('the first', results[0], 1);
      expectMembers('the second', results[1], { status: DUPLICATE, cursor: 1n });
    },
  },
  'relay/push/conflict-shows-evidence': {
    title: 'The refusal of another envelope for a stored sequence carries the stub of the stored one',
    requirements: ['RL-27'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const stored = device.forge();
      expectAccepted('the first', await pushOne(client, itemOf(stored)), 1);
      const { error } = await pushOne(client, itemOf(device.forge()));
      expectClass('the refusal', error?.code, 'envelope.chain');
      const { header, signature } = stored.envelope;
      expectMembers('the conflict', error?.conflict, { header, signature });
      expectMembers('its place', placeOf(error?.conflict), { sequence: 1, hash: stored.hash });
    },
  },
  'relay/push/first-anywhere': {
    title: 'The first envelope that a relay sees of a sender may have any sequence and previous',
    requirements: ['RL-24'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const first = device.advance(device.forge({ sequence: 41, previous: random(32) }));
      expectAccepted('the first', await pushOne(client, itemOf(first)), 1);
      expectAccepted('the next', await pushOne(client, itemOf(device.seal())), 2);
    },
  },
  'relay/push/skip': {
    title: 'A flagged item above the head is stored, and the chain goes on from it',
    requirements: ['RL-24'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      await client.push(device.items(2));
      const jump = device.advance(device.forge({ sequence: 9, previous: random(32) }));
      expectAccepted('the flagged one', await pushOne(client, itemOf(jump, true)), 3);
      expectAccepted('the next', await pushOne(client, itemOf(device.seal())), 4);
      const old = await pushOne(client, itemOf(device.forge({ sequence: 5 }), true));
      expectThat('a flagged one below the head', old.status !== ACCEPTED, 'not stored', 'ACCEPTED');
    },
  },
  'relay/push/first-refusal-ends-it': {
    title: 'The first refusal ends a Push: what was before it stands, what is after it was not tried',
    requirements: ['RL-20'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const good = device.items(2);
      const bad = itemOf(device.forge({ previous: random(32) }));
      const after = itemOf(device.forge());
      const { results } = await client.push([...good, bad, after]);
      expect('results', results.length, 3);
      expectAccepted('the second', results[1], 2);
      expect('status of the third', results[2]?.status, REFUSED);
      expect('head', (await client.pull()).segment?.head, 2n);
      expectAccepted('the one not tried', await pushOne(client, after), 3);
    },
  },
  'relay/push/received-at': {
    title: 'received_at_ms never falls within a group, and what a client writes there is ignored',
    requirements: ['RL-30'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const items = device.items(6).map(({ envelope }, index) => ({
        envelope: envelope && { ...envelope, cursor: 900n, receivedAtMs: index % 2 === 0 ? 1n : 9_000_000_000_000n },
        skip: false,
      }));
      for (const item of items) await pushOne(client, item);
      const { segment } = await client.pull();
      expect('cursors', cursorsOf(segment), range(0, 6));
      const times = segment?.envelopes.map(({ receivedAtMs }) => Number(receivedAtMs)) ?? [];
      const sorted = times.toSorted((a, b) => a - b);
      expect('received_at_ms', times, sorted);
      const areTrue = times.every((ms) => ms > 1e12 && ms < 8e12);
      expectThat('received_at_ms', areTrue, "the relay's clock", times);
    },
  },
  'relay/push/groups-are-apart': {
    title: 'Two groups have cursors of their own, and neither reads anything of the other',
    requirements: ['RL-22', 'RL-30'],
    run: async (scene) => {
      const [one, other] = [await scene.member(), await scene.member()];
      other.client.subscribe();
      await other.client.expect('deliver');
      await one.client.push(one.device.items(3, 'of one group'));
      expectAccepted('the other group', await pushOne(other.client, itemOf(other.device.seal())), 1);
      expect('the live delivery', (await other.client.expect('deliver')).segment?.envelopes.length, 1);
      const { segment } = await other.client.pull();
      expect('head and envelopes', [segment?.head, segment?.envelopes.length], [1n, 1]);
      expect('records', (await devicesOf(other.client)).records.length, 1);
    },
  },
};
