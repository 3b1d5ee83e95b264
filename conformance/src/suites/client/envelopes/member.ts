import { concat, u32 } from '@0k-sync/core/bytes';
import { pad } from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { CONTENT_BYTES_MAX, METADATA_BYTES_MAX, TOPIC_BYTES_MAX } from '@0k-sync/generated/limits';
import { type Envelope, Message } from '@0k-sync/generated/wire/envelope';
import type { Forgery } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { byMember, forgeries, sealedByMember } from '../forged.ts';
import { expectGap, waitsForGap } from '../log/gaps.ts';
import { amid, type ClientActs, type ClientScene, READS } from '../scene.ts';

const NONCE_BYTES = 24;

function message(changes: Partial<Message> = {}): Uint8Array {
  const content = { $case: 'text', value: 'forged' } as const;
  return Message.encode({
    id: random(16),
    content,
    metadata: undefined,
    topic: '',
    sentAtMs: 0n,
    skipped: [],
    ...changes,
  }).finish();
}

/** A padded plaintext that the member seals in that place. */
const seals =
  (padded: () => Uint8Array, forgery: Forgery = {}) =>
  (place: Envelope, scene: ClientScene): Envelope =>
    sealedByMember(scene, place, padded(), forgery);

/** A message with some fields changed that the member seals in that place. */
const says = (changes: () => Partial<Message>) => seals(() => pad(message(changes())));

/** A place of the author's chain, and an envelope of an epoch that nobody has the secret of in the same place. */
function ofUnknownEpoch(scene: ClientScene): { readonly place: Envelope; readonly unknown: Envelope } {
  const place = scene.author.next('place');
  return { place, unknown: sealedByMember(scene, place, pad(message()), { epoch: 7 }) };
}

const forgeryActs = forgeries({
  'client/member/another-key': {
    title: 'a signed envelope that was sealed under another key does not open',
    requirements: ['EN-11', 'GR-06'],
    forge: (e, scene) => {
      const headerBytes = byMember(scene, e, {}).header;
      const nonce = random(NONCE_BYTES);
      const ciphertext = EpochKeys.create(crypto, random).seal(nonce, headerBytes, pad(message()));
      return byMember(scene, e, { headerBytes, nonce, ciphertext });
    },
  },
  'client/member/another-associated-data': {
    title: 'a signed envelope whose ciphertext is bound to another header does not open',
    requirements: ['EN-03', 'EN-11'],
    forge: (e, scene) => byMember(scene, e, { epoch: 0, nonce: random(NONCE_BYTES), ciphertext: e.ciphertext }),
  },
  'client/member/padding-not-zero': {
    title: 'padding with a byte that is not zero is rejected',
    requirements: ['EN-14'],
    refusal: ['envelope.parse'],
    forge: seals(() => pad(message()).with(-1, 1)),
  },
  'client/member/padding-length': {
    title: 'a padded plaintext of a length that Padmé does not give is rejected',
    requirements: ['EN-14'],
    refusal: ['envelope.parse'],
    forge: seals(() => concat(pad(message()), new Uint8Array(1))),
  },
  'client/member/inner-length': {
    title: 'a length inside that goes beyond the plaintext is rejected',
    requirements: ['EN-14'],
    refusal: ['envelope.parse'],
    forge: seals(() => concat(u32(0xffffffff), new Uint8Array(252))),
  },
  'client/member/plaintext-garbage': {
    title: 'a plaintext that is no Message is rejected',
    requirements: ['EN-15', 'WI-14'],
    refusal: ['envelope.parse'],
    forge: seals(() => pad(Uint8Array.of(0xff, 0xff, 0xff))),
  },
  'client/member/two-contents': {
    title: 'a Message with text and data both is rejected',
    requirements: ['EN-15', 'WI-14'],
    refusal: ['envelope.parse'],
    forge: seals(() => pad(concat(message(), message({ content: { $case: 'data', value: random(4) } })))),
  },
  'client/member/not-utf-8': {
    title: 'a text that is not UTF-8 is rejected',
    requirements: ['EN-15', 'WI-14'],
    refusal: ['envelope.parse'],
    forge: seals(() => pad(concat(message({ content: undefined }), Uint8Array.of(0x12, 2, 0xc3, 0x28)))),
  },
  'client/member/short-message-id': {
    title: 'a Message whose id has 15 bytes is rejected',
    requirements: ['EN-16', 'WI-18'],
    refusal: ['envelope.parse'],
    forge: says(() => ({ id: random(15) })),
  },
  'client/member/content-too-long': {
    title: 'content of one byte above CONTENT_BYTES_MAX is rejected',
    requirements: ['EN-15', 'LI-07'],
    refusal: ['envelope.parse', 'session.size'],
    forge: says(() => ({ content: { $case: 'data', value: random(CONTENT_BYTES_MAX + 1) } })),
  },
  'client/member/metadata-too-long': {
    title: 'metadata of one byte above METADATA_BYTES_MAX is rejected',
    requirements: ['EN-15', 'LI-08'],
    refusal: ['envelope.parse', 'session.size'],
    forge: says(() => ({ metadata: 'x'.repeat(METADATA_BYTES_MAX + 1) })),
  },
  'client/member/topic-too-long': {
    title: 'a topic of one byte above TOPIC_BYTES_MAX is rejected',
    requirements: ['EN-36', 'LI-47'],
    refusal: ['envelope.parse', 'session.size'],
    forge: says(() => ({ topic: 'x'.repeat(TOPIC_BYTES_MAX + 1) })),
  },
  'client/member/previous': {
    title: 'an envelope that does not name its sender’s one before is rejected',
    requirements: ['EN-08'],
    refusal: ['envelope.chain'],
    forge: seals(() => pad(message()), { previous: random(32) }),
  },
});

const chainActs: ClientActs = {
  'client/member/unknown-epoch-waits': {
    title: 'a signed envelope of an epoch whose secret is not held is not delivered, and blocks nobody',
    requirements: ['EN-09', 'GR-06'],
    run: async (scene) => {
      const { client } = scene;
      await scene.serves('before');
      const { place, unknown } = ofUnknownEpoch(scene);
      scene.inject(unknown);
      await client.act('pull');
      await scene.delivered('before');
      expect('the cursor', await client.cursor(), `${scene.log.head}`);
      expect('rejected', await client.events('rejected'), []);
      scene.append(place);
      await client.act('pull');
      await scene.delivered('before', 'place');
    },
  },
  'client/member/behind-unknown-epoch': {
    title: 'what follows an envelope of an unknown epoch in its chain waits as behind a gap, and is delivered',
    // Only what was accepted moves the head: the place of the one that waits for its epoch is still open.
    requirements: ['EN-09', 'EN-21', 'EN-24'],
    run: async (scene) => {
      await scene.serves('before');
      const { unknown } = ofUnknownEpoch(scene);
      scene.author.previous = scene.log.hash(unknown);
      scene.inject(unknown);
      scene.publish('later');
      await waitsForGap(scene);
      await expectGap(scene, scene.author.sequence - 1, scene.author.sequence - 1);
      await scene.delivered('before', 'later');
      expect('rejected', await scene.client.events('rejected'), []);
      await scene.serves('after');
    },
  },
  'client/member/repeated-message-id': {
    title: 'a second message of one sender with the same id is not delivered again',
    requirements: ['EN-16'],
    run: amid(async (scene) => {
      const id = random(16);
      for (const content of ['first', 'second']) scene.append(scene.author.next(content, { id }));
      await scene.client.act('pull');
      return ['first'];
    }),
  },
  'client/member/longest-topic': {
    title: 'a message with a topic of TOPIC_BYTES_MAX bytes is delivered like any other',
    requirements: ['EN-36', 'LI-47'],
    run: amid(async (scene) => {
      scene.append(scene.author.next('with a topic', { topic: 'ü'.repeat(TOPIC_BYTES_MAX / 2) }));
      await scene.client.act('pull');
      return ['with a topic'];
    }),
  },
  'client/member/fork': {
    title: 'two validly signed envelopes with one sequence are a fork: it is reported and the first stays',
    requirements: ['EN-21', 'EN-23'],
    run: amid(async (scene) => {
      const { previous } = scene.author;
      scene.publish('first');
      scene.inject(scene.author.twin('second', previous));
      await scene.client.act('pull');
      const fork = await scene.client.event('fork');
      expect('the sequence of the fork', `${fork.sequence}`, `${scene.author.sequence}`);
      return ['first'];
    }),
  },
};

/** Envelopes that only a member can forge. */
export const memberActs: ClientActs = { ...forgeryActs, ...requiring(READS, chainActs) };
