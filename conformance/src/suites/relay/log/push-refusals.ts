import { concat } from '@0k-sync/core/bytes';
import type { SealedEnvelope } from '@0k-sync/core/envelope';
import type { RejectClass } from '@0k-sync/generated/errors';
import { CIPHERTEXT_BYTES_MAX, CIPHERTEXT_BYTES_MIN, HEADER_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import { type Device, Group, itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { actsOf, type Claim } from '../../acts.ts';
import { control, expect, expectClass } from '../../expect.ts';
import { Encounter } from '../attack.ts';
import type { RelayScene } from '../scene.ts';
import { expectAccepted, pushOne, REFUSED } from './pushing.ts';

/** An item that is refused with a class while the session goes on. */
interface RefusedItem extends Claim {
  readonly refusal: RejectClass;
  readonly item: (attacker: Device, encounter: Encounter) => SealedEnvelope;
  readonly skip?: boolean;
}

const refusedItems: Readonly<Record<string, RefusedItem>> = {
  'relay/push/other-group': {
    title: 'An envelope of another group is refused',
    requirements: ['RL-22', 'EN-07'],
    refusal: 'envelope.binding',
    item: (attacker) => attacker.forge({ groupId: new Group().id }),
  },
  'relay/push/other-sender': {
    title: "An envelope in another member's name is refused",
    requirements: ['RL-22', 'EN-07'],
    refusal: 'envelope.binding',
    item: (attacker, { witness }) => attacker.forge({ senderKey: witness.device.keys.deviceKey }),
  },
  'relay/push/of-another-member': {
    title: "An envelope that another member sealed is refused from this one's session",
    requirements: ['RL-22'],
    refusal: 'envelope.binding',
    item: (_, { witness }) => witness.device.forge(),
  },
  'relay/push/unknown-version': {
    title: 'An envelope of version 2 is refused',
    requirements: ['RL-23', 'EN-05'],
    refusal: 'envelope.version',
    item: (attacker) => attacker.forge({ version: 2 }),
  },
  'relay/push/content-type-unspecified': {
    title: 'An envelope without a content type is refused',
    requirements: ['RL-23', 'EN-06'],
    refusal: 'envelope.parse',
    item: (attacker) => attacker.forge({ contentType: ContentType.CONTENT_TYPE_UNSPECIFIED }),
  },
  'relay/push/content-type-welcome': {
    title: 'The reserved content type WELCOME is refused',
    requirements: ['RL-23', 'EN-06'],
    refusal: 'envelope.parse',
    item: (attacker) => attacker.forge({ contentType: ContentType.CONTENT_TYPE_WELCOME }),
  },
  'relay/push/sequence-zero': {
    title: 'Sequence 0 is refused',
    requirements: ['RL-23', 'EN-08'],
    refusal: 'envelope.parse',
    item: (attacker) => attacker.forge({ sequence: 0 }),
  },
  'relay/push/header-not-canonical': {
    title: 'A header with a default value written out is refused',
    requirements: ['RL-23', 'EN-03'],
    refusal: 'envelope.parse',
    item: (attacker) => {
      const { header } = attacker.forge({ epoch: 0 }).envelope;
      return attacker.forge({ headerBytes: concat(header.slice(0, -2), Uint8Array.of(0x30, 0), header.slice(-2)) });
    },
  },
  'relay/push/header-reordered': {
    title: 'A header whose fields are out of order is refused',
    requirements: ['RL-23', 'EN-03'],
    refusal: 'envelope.parse',
    item: (attacker) => {
      const { header } = attacker.forge().envelope;
      return attacker.forge({ headerBytes: concat(header.slice(2), header.slice(0, 2)) });
    },
  },
  'relay/push/header-empty': {
    title: 'An empty header is refused',
    requirements: ['RL-23', 'EN-04'],
    refusal: 'envelope.parse',
    item: (attacker) => attacker.forge({ headerBytes: new Uint8Array(0) }),
  },
  'relay/push/header-too-long': {
    title: 'A header one byte above its limit is refused by its own item, not by the frame',
    requirements: ['RL-23', 'EN-04', 'WI-18'],
    refusal: 'envelope.parse',
    item: (attacker) => attacker.forge({ headerBytes: random(HEADER_BYTES_MAX + 1) }),
  },
  'relay/push/ciphertext-too-short': {
    title: 'A ciphertext one byte below the smallest is refused',
    requirements: ['RL-23', 'EN-04'],
    refusal: 'envelope.parse',
    item: (attacker) => attacker.forge({ ciphertext: random(CIPHERTEXT_BYTES_MIN - 1) }),
  },
  'relay/push/ciphertext-too-long': {
    title: 'A ciphertext one byte above the largest is refused as too large',
    requirements: ['RL-23', 'EN-04', 'WI-18'],
    refusal: 'session.size',
    item: (attacker) => attacker.forge({ ciphertext: random(CIPHERTEXT_BYTES_MAX + 1) }),
  },
  'relay/push/unknown-epoch': {
    title: "An epoch above the group's is refused",
    requirements: ['RL-23', 'RL-29', 'EN-09'],
    refusal: 'session.epoch',
    item: (attacker) => attacker.forge({ epoch: 1 }),
  },
  'relay/push/wrong-previous': {
    title: "A previous that is not H of the sender's head is refused",
    requirements: ['RL-24', 'EN-08'],
    refusal: 'envelope.chain',
    item: (attacker) => attacker.forge({ previous: random(32) }),
  },
  'relay/push/gap': {
    title: 'A sequence above head + 1 that is not flagged is refused',
    requirements: ['RL-24', 'EN-08'],
    refusal: 'envelope.chain',
    item: (attacker) => attacker.forge({ sequence: attacker.sequence + 2 }),
  },
  'relay/push/conflict': {
    title: 'Another envelope for a stored sequence is refused',
    requirements: ['RL-27'],
    refusal: 'envelope.chain',
    item: (attacker) => attacker.forge({ sequence: attacker.sequence }),
  },
  'relay/push/conflict-flagged': {
    title: 'The flag to skip does not replace what is stored',
    requirements: ['RL-24', 'RL-27'],
    refusal: 'envelope.chain',
    item: (attacker) => attacker.forge({ sequence: 1 }),
    skip: true,
  },
};

/** Every item that is refused: nothing of it is stored, and the session goes on. */
export const pushRefusalActs = actsOf(refusedItems, ({ refusal, item, skip }) => async (scene: RelayScene) => {
  const encounter = await Encounter.begin(scene);
  const { attacker } = encounter;
  const client = await encounter.session();
  const before = await control('the state before', () => encounter.state());
  const { status, error } = await pushOne(client, itemOf(item(attacker, encounter), skip));
  expect('status', status, REFUSED);
  expectClass('the refusal', error?.code, refusal);
  expect('the state, after the attack', await encounter.state(), before);
  expectAccepted('the honest next one', await pushOne(client, itemOf(attacker.seal())), 4);
});
