import { toHex, utf8 } from '@0k-sync/core/bytes';
import { paddedLength } from '@0k-sync/core/envelope';
import { CONTENT_BYTES_MAX } from '@0k-sync/generated/limits';
import { EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { random } from '@0k-sync/testkit/crypto';
import { texts } from '../client.ts';
import { readContent } from '../contents.ts';
import { READS } from '../forged.ts';
import { readWritten } from '../outbox/push.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue } from '../verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'push'];
const TAG_BYTES = 16;
const UNICODE = 'héllo 世界 🏳️‍🌈 \u0000 \u202e \ufeff e\u0301 \u{10ffff}';

/** A content goes both ways and stays what it was. */
function bothWays(content: string | Uint8Array) {
  return onStage({}, async (stage) => {
    const text = typeof content === 'string' ? content : toHex(content);
    stage.publish(content);
    await stage.client.act('pull');
    await stage.delivered([text]);
    const args = typeof content === 'string' ? { text: content } : { data: text };
    await stage.client.act('push', { ...args, wait: true });
    expectSame('written', readWritten(stage), [text]);
    await stage.controlled('after');
  });
}

/** What messages may hold. */
export const contentScenarios: readonly ClientScenario[] = [
  {
    id: 'client/content/empty-text',
    title: 'an empty text is a message',
    level: 'must',
    requirements: ['EN-15'],
    requires: REQUIRES,
    run: bothWays(''),
  },
  {
    id: 'client/content/empty-data',
    title: 'empty data is a message, and no text',
    level: 'must',
    requirements: ['EN-15'],
    requires: REQUIRES,
    run: bothWays(new Uint8Array()),
  },
  {
    id: 'client/content/unicode',
    title: 'text arrives as it was written: nothing is normalised, trimmed or cut at a zero',
    level: 'must',
    requirements: ['EN-15'],
    requires: REQUIRES,
    run: bothWays(UNICODE),
  },
  {
    id: 'client/content/every-byte',
    title: 'data of every byte value arrives as it was written',
    level: 'must',
    requirements: ['EN-15'],
    requires: REQUIRES,
    run: bothWays(Uint8Array.from({ length: 256 }, (_, index) => index)),
  },
  {
    id: 'client/content/largest-text',
    title: 'a text of CONTENT_BYTES_MAX bytes goes both ways',
    level: 'must',
    requirements: ['EN-15', 'LI-07'],
    requires: REQUIRES,
    run: bothWays('x'.repeat(CONTENT_BYTES_MAX)),
  },
  {
    id: 'client/content/largest-data',
    title: 'data of CONTENT_BYTES_MAX bytes goes both ways',
    level: 'must',
    requirements: ['EN-15', 'LI-07'],
    requires: REQUIRES,
    run: bothWays(random(CONTENT_BYTES_MAX)),
  },
  {
    id: 'client/content/too-large',
    title: 'content of one byte more is refused at once, and nothing is queued',
    level: 'must',
    requirements: ['EN-15', 'LI-07', 'CL-20'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      const text = 'x'.repeat(CONTENT_BYTES_MAX + 1);
      await stage.client.rejects('push', ['envelope.parse', 'session.size'], { text, wait: false });
      expectSame('unsynced', await stage.client.unsynced(), 0);
      await stage.exchanged('after');
    }),
  },
  {
    id: 'client/content/sealed-by-the-rules',
    title: 'what a client seals is canonical, padded by Padmé and opens for the other members',
    level: 'must',
    requirements: ['EN-03', 'EN-10', 'EN-11', 'EN-12', 'EN-14'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      const lengths = [0, 1, 250, 251, 1000, 5000, 70_000];
      for (const length of lengths) await stage.client.act('push', { text: 'x'.repeat(length), wait: true });
      expectSame(
        'written',
        readWritten(stage).map((text) => text.length),
        lengths,
      );
      for (const envelope of stage.written) {
        expectSame(
          'the header',
          toHex(EnvelopeHeader.encode(EnvelopeHeader.decode(envelope.header)).finish()),
          toHex(envelope.header),
        );
        const content = readContent(stage.author.group, envelope);
        const length =
          content.type === 'message' && content.message.content?.$case === 'text'
            ? utf8(content.message.content.value).length
            : 0;
        const least = paddedLength(length) + TAG_BYTES;
        expectTrue(
          `a ciphertext of ${least} bytes at least`,
          envelope.ciphertext.length >= least,
          envelope.ciphertext.length,
        );
        expectSame('the nonce', envelope.nonce.length, 24);
      }
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/content/pull-after-cursor',
    title: 'a pull gives the messages above a cursor, own ones too, in the relay’s order',
    level: 'must',
    requirements: ['CL-01', 'CL-04'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      const cursor = stage.publish('one');
      await stage.client.act('push', { text: 'own', wait: true });
      stage.publish('two');
      expectSame('all', texts(await stage.client.pull()), ['one', 'own', 'two']);
      expectSame('above', texts(await stage.client.pull(cursor)), ['own', 'two']);
      expectSame('none', await stage.client.pull(`${stage.log.head}`), []);
      const [one] = await stage.client.pull();
      expectSame('the first', [one?.cursor, one?.sender], [cursor, toHex(stage.author.keys.deviceKey)]);
      await stage.delivered(['one', 'two']);
    }),
  },
];
