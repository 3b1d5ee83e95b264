import type { Message } from '@0k-sync/client';
import fc from 'fast-check';
import t from 'tap';
import { escapeLine, escapeLines } from '../src/escape.ts';
import { deviceLabel, messageLines } from '../src/format.ts';
import { coloured, plain } from '../src/terminal.ts';

const DANGEROUS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

const SENDER = 'ybndrfg8ejkmcpqx';

function message(content: string | Uint8Array, senderName = 'phone'): Message {
  return { position: 1, id: '', sender: SENDER, senderName, own: false, cursor: 7, content, topic: '', sentAtMs: 0 };
}

t.test('remote text never reaches the terminal as control', async (t) => {
  t.equal(escapeLine('a\x1b[2Jb'), 'a\\e[2Jb');
  t.equal(escapeLine('\x9b31m\x07\x7f\r\n\t\x00'), '\\x9b31m\\x07\\x7f\\r\\n\\t\\x00');
  t.equal(escapeLine('\u202e\u2066\u2028\ufeff'), '\\u{202e}\\u{2066}\\u{2028}\\u{feff}');
  t.equal(escapeLine('\ud800'), '\\u{d800}');
  t.equal(escapeLine('Grüße 👩‍👧 日本'), 'Grüße 👩‍👧 日本', 'what people write stays');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !DANGEROUS.test(escapeLine(text))));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), (content, name) =>
      messageLines(message(content, name), plain).every((line) => !DANGEROUS.test(line)),
    ),
  );
});

t.test('a message cannot pass for another one', async (t) => {
  t.strictSame(messageLines(message('one\n[8] laptop: forged\r\n\n'), plain), [
    '[7] phone (ybndrfg8): one',
    '  | [8] laptop: forged\\r',
    '  | ',
  ]);
  t.strictSame(escapeLines('a\tb'), ['a    b']);
  t.equal(deviceLabel('x\n[9] y', SENDER), 'x\\n[9] y (ybndrfg8)');
  t.equal(deviceLabel('', SENDER), 'ybndrfg8');
});

t.test('what is no text is counted, not printed', async (t) => {
  t.strictSame(messageLines(message(Uint8Array.of(0xff, 0x1b)), plain), [
    '[7] phone (ybndrfg8): (2 bytes that are not text)',
  ]);
});

t.test('colours are put around escaped text', async (t) => {
  const [line = ''] = messageLines(message('\x1b[31m'), coloured);
  t.match(line, '\x1b[36mphone (ybndrfg8)\x1b[39m');
  t.match(line, ': \\e[31m');
});
