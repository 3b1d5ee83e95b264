import { concat, equal } from '@0k-sync/core/bytes';
import type { SealedEnvelope } from '@0k-sync/core/envelope';
import type { RejectClass } from '@0k-sync/generated/errors';
import {
  CIPHERTEXT_BYTES_MAX,
  CIPHERTEXT_BYTES_MIN,
  HEADER_BYTES_MAX,
  PUSH_ITEMS_MAX,
} from '@0k-sync/generated/limits';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import type { PushItem, PushResult } from '@0k-sync/generated/wire/frame';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { type Device, Group, itemOf } from '../../kit/author.ts';
import { random } from '../../kit/crypto.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import type { Scenario, TestInfo } from '../../model.ts';
import { inArena } from './arena.ts';
import { attack, Stage, stateOf } from './attack.ts';
import { control, holds, same, sameClass } from './checks.ts';
import type { RelayTarget } from './target.ts';

const { PUSH_STATUS_ACCEPTED, PUSH_STATUS_DUPLICATE, PUSH_STATUS_REFUSED } = PushStatus;

async function pushOne(client: RawClient, item: PushItem): Promise<PushResult> {
  const { results } = await client.push([item]);
  const [result] = results;
  holds('results of one item', result !== undefined && results.length === 1, '1', String(results.length));
  return result;
}

function accepted(what: string, result: PushResult | undefined, cursor: number): void {
  same(`${what}: status`, result?.status, PUSH_STATUS_ACCEPTED);
  same(`${what}: cursor`, result?.cursor, BigInt(cursor));
}

/** An item that is refused with a class while the session goes on. */
interface RefusedItem extends Pick<TestInfo, 'id' | 'title' | 'requirements'> {
  readonly class: RejectClass;
  readonly item: (attacker: Device, stage: Stage) => SealedEnvelope;
  readonly skip?: boolean;
}

const refusedItems: readonly RefusedItem[] = [
  {
    id: 'relay/push/other-group',
    title: 'An envelope of another group is refused',
    requirements: ['RL-22', 'EN-07'],
    class: 'envelope.binding',
    item: (attacker) => attacker.forge({ groupId: new Group().id }),
  },
  {
    id: 'relay/push/other-sender',
    title: "An envelope in another member's name is refused",
    requirements: ['RL-22', 'EN-07'],
    class: 'envelope.binding',
    item: (attacker, { witness }) => attacker.forge({ senderKey: witness.device.keys.deviceKey }),
  },
  {
    id: 'relay/push/of-another-member',
    title: "An envelope that another member sealed is refused from this one's session",
    requirements: ['RL-22'],
    class: 'envelope.binding',
    item: (_, { witness }) => witness.device.forge(),
  },
  {
    id: 'relay/push/unknown-version',
    title: 'An envelope of version 2 is refused',
    requirements: ['RL-23', 'EN-05'],
    class: 'envelope.version',
    item: (attacker) => attacker.forge({ version: 2 }),
  },
  {
    id: 'relay/push/content-type-unspecified',
    title: 'An envelope without a content type is refused',
    requirements: ['RL-23', 'EN-06'],
    class: 'envelope.parse',
    item: (attacker) => attacker.forge({ contentType: ContentType.CONTENT_TYPE_UNSPECIFIED }),
  },
  {
    id: 'relay/push/content-type-welcome',
    title: 'The reserved content type WELCOME is refused',
    requirements: ['RL-23', 'EN-06'],
    class: 'envelope.parse',
    item: (attacker) => attacker.forge({ contentType: ContentType.CONTENT_TYPE_WELCOME }),
  },
  {
    id: 'relay/push/sequence-zero',
    title: 'Sequence 0 is refused',
    requirements: ['RL-23', 'EN-08'],
    class: 'envelope.parse',
    item: (attacker) => attacker.forge({ sequence: 0 }),
  },
  {
    id: 'relay/push/header-not-canonical',
    title: 'A header with a default value written out is refused',
    requirements: ['RL-23', 'EN-03'],
    class: 'envelope.parse',
    item: (attacker) => {
      const { header } = attacker.forge({ epoch: 0 }).envelope;
      return attacker.forge({ headerBytes: concat(header.slice(0, -2), Uint8Array.of(0x30, 0), header.slice(-2)) });
    },
  },
  {
    id: 'relay/push/header-reordered',
    title: 'A header whose fields are out of order is refused',
    requirements: ['RL-23', 'EN-03'],
    class: 'envelope.parse',
    item: (attacker) => {
      const { header } = attacker.forge().envelope;
      return attacker.forge({ headerBytes: concat(header.slice(2), header.slice(0, 2)) });
    },
  },
  {
    id: 'relay/push/header-empty',
    title: 'An empty header is refused',
    requirements: ['RL-23', 'EN-04'],
    class: 'envelope.parse',
    item: (attacker) => attacker.forge({ headerBytes: new Uint8Array(0) }),
  },
  {
    id: 'relay/push/header-too-long',
    title: 'A header one byte above its limit is refused by its own item, not by the frame',
    requirements: ['RL-23', 'EN-04', 'WI-18'],
    class: 'envelope.parse',
    item: (attacker) => attacker.forge({ headerBytes: random(HEADER_BYTES_MAX + 1) }),
  },
  {
    id: 'relay/push/ciphertext-too-short',
    title: 'A ciphertext one byte below the smallest is refused',
    requirements: ['RL-23', 'EN-04'],
    class: 'envelope.parse',
    item: (attacker) => attacker.forge({ ciphertext: random(CIPHERTEXT_BYTES_MIN - 1) }),
  },
  {
    id: 'relay/push/ciphertext-too-long',
    title: 'A ciphertext one byte above the largest is refused as too large',
    requirements: ['RL-23', 'EN-04', 'WI-18'],
    class: 'session.size',
    item: (attacker) => attacker.forge({ ciphertext: random(CIPHERTEXT_BYTES_MAX + 1) }),
  },
  {
    id: 'relay/push/unknown-epoch',
    title: "An epoch above the group's is refused",
    requirements: ['RL-23', 'RL-29', 'EN-09'],
    class: 'session.epoch',
    item: (attacker) => attacker.forge({ epoch: 1 }),
  },
  {
    id: 'relay/push/wrong-previous',
    title: "A previous that is not H of the sender's head is refused",
    requirements: ['RL-24', 'EN-08'],
    class: 'envelope.chain',
    item: (attacker) => attacker.forge({ previous: random(32) }),
  },
  {
    id: 'relay/push/gap',
    title: 'A sequence above head + 1 that is not flagged is refused',
    requirements: ['RL-24', 'EN-08'],
    class: 'envelope.chain',
    item: (attacker) => attacker.forge({ sequence: attacker.sequence + 2 }),
  },
  {
    id: 'relay/push/conflict',
    title: 'Another envelope for a stored sequence is refused',
    requirements: ['RL-27'],
    class: 'envelope.chain',
    item: (attacker) => attacker.forge({ sequence: attacker.sequence }),
  },
  {
    id: 'relay/push/conflict-flagged',
    title: 'The flag to skip does not replace what is stored',
    requirements: ['RL-24', 'RL-27'],
    class: 'envelope.chain',
    item: (attacker) => attacker.forge({ sequence: 1 }),
    skip: true,
  },
];

const refusals: readonly Scenario<RelayTarget>[] = refusedItems.map(
  ({ id, title, requirements, class: rejectClass, item, skip }) => ({
    id,
    title,
    level: 'must',
    requirements,
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const client = await stage.session();
      const before = await control('the state before', () => stage.state());
      const result = await pushOne(client, itemOf(item(stage.attacker, stage), skip));
      same('status', result.status, PUSH_STATUS_REFUSED);
      sameClass('the refusal', result.error?.code, rejectClass);
      same('what a member reads, after the attack', await stage.state(), before);
      accepted('the honest next one', await pushOne(client, itemOf(stage.attacker.seal())), 4);
    }),
  }),
);

export const pushScenarios: readonly Scenario<RelayTarget>[] = [
  ...refusals,
  {
    id: 'relay/push/cursors',
    title: 'Cursors are dense from 1 over all senders, and the answer says that what is accepted is durable',
    level: 'must',
    requirements: ['RL-21', 'RL-30', 'SE-03'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const sibling = await arena.member(device.group.device());
      let cursor = 0;
      for (const member of [{ client, device }, sibling, { client, device }]) {
        const { results, durable } = await member.client.push(member.device.items(4));
        same('durable', durable, true);
        for (const result of results) {
          cursor += 1;
          accepted('an item', result, cursor);
        }
      }
      same('cursors given', cursor, 12);
    }),
  },
  {
    id: 'relay/push/largest',
    title: 'An envelope with the largest ciphertext is stored and read as it was sent',
    level: 'must',
    requirements: ['EN-04', 'RL-23'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const { envelope } = device.sized(CIPHERTEXT_BYTES_MAX);
      accepted('the largest', await pushOne(client, { envelope, skip: false }), 1);
      const [read] = (await client.pull()).segment?.envelopes ?? [];
      same('header', read?.header, envelope.header);
      same('nonce', read?.nonce, envelope.nonce);
      holds(
        'ciphertext',
        equal(read?.ciphertext ?? new Uint8Array(0), envelope.ciphertext),
        'the same bytes',
        'others',
      );
      same('signature', read?.signature, envelope.signature);
    }),
  },
  {
    id: 'relay/push/most-items',
    title: 'A Push of as many items as are allowed is stored whole',
    level: 'must',
    requirements: ['RL-20', 'WI-17'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device, ack } = await arena.member();
      const count = Math.min(PUSH_ITEMS_MAX, ack.limits?.pushItemsMax ?? 1);
      const { results } = await client.push(Array.from({ length: count }, () => itemOf(device.sized(272))));
      same('results', results.length, count);
      accepted('the last item', results.at(-1), count);
    }),
  },
  {
    id: 'relay/push/no-items',
    title: 'A Push without items is refused',
    level: 'must',
    requirements: ['RL-20'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      await attack(stage, { classes: ['resource.limit'], connection: 'closed' }, async () => {
        const client = await stage.session();
        client.send({ $case: 'push', value: { items: [] } });
        return client;
      });
    }),
  },
  {
    id: 'relay/push/signature-is-the-receivers',
    title: 'An envelope whose signature does not verify is stored: that is the receivers’ business',
    level: 'must',
    requirements: ['RL-23'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      accepted('the unsigned one', await pushOne(client, itemOf(device.forge({ signature: random(64) }))), 1);
    }),
  },
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
          same('status', again.status, PUSH_STATUS_DUPLICATE);
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
      same('status of the second', results[1]?.status, PUSH_STATUS_DUPLICATE);
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
      holds('a flagged one below the head', old.status !== PUSH_STATUS_ACCEPTED, 'not stored', 'ACCEPTED');
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
      same('status of the third', results[2]?.status, PUSH_STATUS_REFUSED);
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
