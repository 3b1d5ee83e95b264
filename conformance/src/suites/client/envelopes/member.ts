import { concat, u32 } from '@0k-sync/core/bytes';
import { pad } from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { CONTENT_BYTES_MAX, METADATA_BYTES_MAX } from '@0k-sync/generated/limits';
import { Message } from '@0k-sync/generated/wire/envelope';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { sealMessage } from '../contents.ts';
import { byMember, forged, READS, sealedByMember } from '../forged.ts';
import { expectGap, waitsForGap } from '../log/gaps.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame } from '../verdict.ts';

const NONCE_BYTES = 24;

function message(changes: Partial<Message>): Uint8Array {
  const content = { $case: 'text', value: 'forged' } as const;
  return Message.encode({ id: random(16), content, metadata: undefined, sentAtMs: 0n, ...changes }).finish();
}

/** What a member that leaves the rules can sign. */
export const memberScenarios: readonly ClientScenario[] = [
  forged(
    {
      id: 'client/member/another-key',
      title: 'a signed envelope that was sealed under another key does not open',
      requirements: ['EN-11', 'GR-06'],
    },
    ['envelope.auth'],
    (e, stage) => {
      const headerBytes = byMember(stage, e, {}).header;
      const nonce = random(NONCE_BYTES);
      const ciphertext = EpochKeys.create(crypto, random).seal(nonce, headerBytes, pad(message({})));
      return byMember(stage, e, { headerBytes, nonce, ciphertext });
    },
  ),
  forged(
    {
      id: 'client/member/another-associated-data',
      title: 'a signed envelope whose ciphertext is bound to another header does not open',
      requirements: ['EN-03', 'EN-11'],
    },
    ['envelope.auth'],
    (e, stage) => byMember(stage, e, { epoch: 0, nonce: random(NONCE_BYTES), ciphertext: e.ciphertext }),
  ),
  forged(
    {
      id: 'client/member/padding-not-zero',
      title: 'padding with a byte that is not zero is rejected',
      requirements: ['EN-14'],
    },
    ['envelope.parse'],
    (e, stage) => {
      const padded = pad(message({}));
      padded[padded.length - 1] = 1;
      return sealedByMember(stage, e, padded);
    },
  ),
  forged(
    {
      id: 'client/member/padding-length',
      title: 'a padded plaintext of a length that Padmé does not give is rejected',
      requirements: ['EN-14'],
    },
    ['envelope.parse'],
    (e, stage) => sealedByMember(stage, e, concat(pad(message({})), new Uint8Array(1))),
  ),
  forged(
    {
      id: 'client/member/inner-length',
      title: 'a length inside that goes beyond the plaintext is rejected',
      requirements: ['EN-14'],
    },
    ['envelope.parse'],
    (e, stage) => sealedByMember(stage, e, concat(u32(0xffffffff), new Uint8Array(252))),
  ),
  forged(
    {
      id: 'client/member/plaintext-garbage',
      title: 'a plaintext that is no Message is rejected',
      requirements: ['EN-15', 'WI-14'],
    },
    ['envelope.parse'],
    (e, stage) => sealedByMember(stage, e, pad(Uint8Array.of(0xff, 0xff, 0xff))),
  ),
  forged(
    {
      id: 'client/member/two-contents',
      title: 'a Message with text and data both is rejected',
      requirements: ['EN-15', 'WI-14'],
    },
    ['envelope.parse'],
    (e, stage) =>
      sealedByMember(stage, e, pad(concat(message({}), message({ content: { $case: 'data', value: random(4) } })))),
  ),
  forged(
    {
      id: 'client/member/not-utf-8',
      title: 'a text that is not UTF-8 is rejected',
      requirements: ['EN-15', 'WI-14'],
    },
    ['envelope.parse'],
    (e, stage) =>
      sealedByMember(stage, e, pad(concat(message({ content: undefined }), Uint8Array.of(0x12, 2, 0xc3, 0x28)))),
  ),
  forged(
    {
      id: 'client/member/short-message-id',
      title: 'a Message whose id has 15 bytes is rejected',
      requirements: ['EN-16', 'WI-18'],
    },
    ['envelope.parse'],
    (e, stage) => sealedByMember(stage, e, pad(message({ id: random(15) }))),
  ),
  forged(
    {
      id: 'client/member/content-too-long',
      title: 'content of one byte above CONTENT_BYTES_MAX is rejected',
      requirements: ['EN-15', 'LI-07'],
    },
    ['envelope.parse', 'session.size'],
    (e, stage) =>
      sealedByMember(stage, e, pad(message({ content: { $case: 'data', value: random(CONTENT_BYTES_MAX + 1) } }))),
  ),
  forged(
    {
      id: 'client/member/metadata-too-long',
      title: 'metadata of one byte above METADATA_BYTES_MAX is rejected',
      requirements: ['EN-15', 'LI-08'],
    },
    ['envelope.parse', 'session.size'],
    (e, stage) => sealedByMember(stage, e, pad(message({ metadata: 'x'.repeat(METADATA_BYTES_MAX + 1) }))),
  ),
  forged(
    {
      id: 'client/member/previous',
      title: 'an envelope that does not name its sender’s one before is rejected',
      requirements: ['EN-08'],
    },
    ['envelope.chain'],
    (e, stage) => sealedByMember(stage, e, pad(message({})), { previous: random(32) }),
  ),
  {
    id: 'client/member/unknown-epoch-waits',
    title: 'a signed envelope of an epoch whose secret is not held is not delivered, and blocks nobody',
    level: 'must',
    requirements: ['EN-09', 'GR-06'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { envelope } = sealMessage(stage.author, { content: 'place' });
      stage.inject(sealedByMember(stage, envelope, pad(message({})), { epoch: 7 }));
      await stage.client.act('pull');
      await stage.delivered(['before']);
      expectSame('the cursor', await stage.client.cursor(), `${stage.log.head}`);
      expectSame('rejected', await stage.client.events('rejected'), []);
      stage.append(envelope);
      await stage.client.act('pull');
      await stage.delivered(['before', 'place']);
    }),
  },
  {
    id: 'client/member/behind-unknown-epoch',
    title: 'what follows an envelope of an unknown epoch in its chain waits as behind a gap, and is delivered',
    level: 'must',
    // Only what was accepted moves the head: the place of the one that waits for its epoch is still open.
    requirements: ['EN-09', 'EN-21', 'EN-24'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { envelope } = sealMessage(stage.author, { content: 'place' });
      const unknown = sealedByMember(stage, envelope, pad(message({})), { epoch: 7 });
      stage.author.previous = stage.log.hash(unknown);
      stage.inject(unknown);
      stage.publish('later');
      const place = stage.author.sequence - 1;
      await waitsForGap(stage);
      await expectGap(stage, place, place);
      await stage.delivered(['before', 'later']);
      expectSame('rejected', await stage.client.events('rejected'), []);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/member/repeated-message-id',
    title: 'a second message of one sender with the same id is not delivered again',
    level: 'must',
    requirements: ['EN-16'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const id = random(16);
      for (const content of ['first', 'second']) stage.append(sealMessage(stage.author, { content, id }).envelope);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'first', 'after']);
    }),
  },
  {
    id: 'client/member/fork',
    title: 'two validly signed envelopes with one sequence are a fork: it is reported and the first stays',
    level: 'must',
    requirements: ['EN-21', 'EN-23'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { sequence, previous } = stage.author;
      stage.publish('first');
      stage.inject(stage.twin('second', { sequence, previous }));
      await stage.client.act('pull');
      const fork = await stage.client.event('fork');
      expectSame('the sequence of the fork', `${fork.sequence}`, `${stage.author.sequence}`);
      await stage.controlled('after');
      await stage.delivered(['before', 'first', 'after']);
    }),
  },
];
