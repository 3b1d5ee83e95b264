import { toHex, utf8 } from '@0k-sync/core/bytes';
import { paddedLength } from '@0k-sync/core/envelope';
import { CONTENT_BYTES_MAX } from '@0k-sync/generated/limits';
import { EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { random } from '@0k-sync/testkit/crypto';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { texts } from '../client.ts';
import { readWritten, textOf } from '../contents.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';

const TAG_BYTES = 16;
const NONCE_BYTES = 24;
const LENGTHS = [0, 1, 250, 251, 1000, 5000, 70_000];

/** A content goes both ways and stays what it was. */
const rows: Readonly<Record<string, Claim & { readonly content: () => string | Uint8Array }>> = {
  'client/content/empty-text': {
    title: 'an empty text is a message',
    requirements: ['EN-15'],
    content: () => '',
  },
  'client/content/empty-data': {
    title: 'empty data is a message, and no text',
    requirements: ['EN-15'],
    content: () => new Uint8Array(),
  },
  'client/content/unicode': {
    title: 'text arrives as it was written: nothing is normalised, trimmed or cut at a zero',
    requirements: ['EN-15'],
    content: () => 'héllo 世界 🏳️‍🌈 \u0000 \u202e \ufeff e\u0301 \u{10ffff}',
  },
  'client/content/every-byte': {
    title: 'data of every byte value arrives as it was written',
    requirements: ['EN-15'],
    content: () => Uint8Array.from({ length: 256 }, (_, index) => index),
  },
  'client/content/largest-text': {
    title: 'a text of CONTENT_BYTES_MAX bytes goes both ways',
    requirements: ['EN-15', 'LI-07'],
    content: () => 'x'.repeat(CONTENT_BYTES_MAX),
  },
  'client/content/largest-data': {
    title: 'data of CONTENT_BYTES_MAX bytes goes both ways',
    requirements: ['EN-15', 'LI-07'],
    content: () => random(CONTENT_BYTES_MAX),
  },
};

const bothWaysActs: ClientActs = actsOf(rows, ({ content: make }) => async (scene: ClientScene) => {
  const content = make();
  const text = typeof content === 'string' ? content : toHex(content);
  scene.publish(content);
  await scene.client.act('pull');
  await scene.delivered(text);
  const args = typeof content === 'string' ? { text } : { data: text };
  await scene.client.act('push', { ...args, wait: true });
  expect('written', readWritten(scene), [text]);
  await scene.serves('after');
});

/** Contents of messages. */
export const contentActs: ClientActs = requiring([...READS, 'push'], {
  ...bothWaysActs,
  'client/content/too-large': {
    title: 'content of one byte more is refused at once, and nothing is queued',
    requirements: ['EN-15', 'LI-07', 'CL-20'],
    run: async (scene) => {
      await scene.exchanges('before');
      const text = 'x'.repeat(CONTENT_BYTES_MAX + 1);
      await scene.client.rejects('push', ['envelope.parse', 'session.size'], { text, wait: false });
      expect('unsynced', await scene.client.unsynced(), 0);
      await scene.exchanges('after');
    },
  },
  'client/content/sealed-by-the-rules': {
    title: 'what a client seals is canonical, padded by Padmé and opens for the other members',
    requirements: ['EN-03', 'EN-10', 'EN-11', 'EN-12', 'EN-14'],
    run: async (scene) => {
      for (const length of LENGTHS) await scene.client.act('push', { text: 'x'.repeat(length), wait: true });
      const lengths = readWritten(scene).map((text) => text.length);
      expect('lengths of what was written', lengths, LENGTHS);
      for (const envelope of scene.written) {
        const { header, nonce, ciphertext } = envelope;
        expect('the header', EnvelopeHeader.encode(EnvelopeHeader.decode(header)).finish(), header);
        const least = paddedLength(utf8(textOf(scene, envelope) ?? '').length) + TAG_BYTES;
        expectThat('a ciphertext', ciphertext.length >= least, `at least ${least} bytes`, ciphertext.length);
        expect('bytes of the nonce', nonce.length, NONCE_BYTES);
      }
      await scene.serves('after');
    },
  },
  'client/content/pull-after-cursor': {
    title: 'a pull gives the messages above a cursor, own ones too, in the relay’s order',
    requirements: ['CL-01', 'CL-04'],
    run: async (scene) => {
      const { client } = scene;
      const cursor = scene.publish('one');
      await client.act('push', { text: 'own', wait: true });
      scene.publish('two');
      expect('all', texts(await client.pull()), ['one', 'own', 'two']);
      expect('above', texts(await client.pull(cursor)), ['own', 'two']);
      expect('none', await client.pull(`${scene.log.head}`), []);
      const [one] = await client.pull();
      expect('the first', [one?.cursor, one?.sender], [cursor, toHex(scene.author.keys.deviceKey)]);
      await scene.delivered('one', 'two');
    },
  },
});
