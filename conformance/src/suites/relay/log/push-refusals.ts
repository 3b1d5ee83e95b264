import { concat } from '@0k-sync/core/bytes';
import type { SealedEnvelope } from '@0k-sync/core/envelope';
import type { RejectClass } from '@0k-sync/generated/errors';
import { CIPHERTEXT_BYTES_MAX, CIPHERTEXT_BYTES_MIN, HEADER_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { type Device, Group, itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario, TestInfo } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { Stage } from '../attack.ts';
import { control, same, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { accepted, pushOne } from './pushing.ts';

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

/** Every item that is refused: nothing of it is stored, and the session goes on. */
export const pushRefusalScenarios: readonly Scenario<RelayTarget>[] = refusedItems.map(
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
      same('status', result.status, PushStatus.PUSH_STATUS_REFUSED);
      sameClass('the refusal', result.error?.code, rejectClass);
      same('what a member reads, after the attack', await stage.state(), before);
      accepted('the honest next one', await pushOne(client, itemOf(stage.attacker.seal())), 4);
    }),
  }),
);
