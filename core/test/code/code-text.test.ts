import { readFileSync } from 'node:fs';
import { completeWord, drawWords, formatCode, parseCode, passwordOf } from '@0k-sync/core/code';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { WORDS } from '../../src/code/words.ts';

const CODE = { number: 7, words: 'copper-violin' };

function read(text: string): unknown {
  const code = parseCode(text);
  return code.ok ? code.value : code.detail;
}

t.test('CO-01 the list is that of the specification, and four letters tell its words apart', async (t) => {
  const list = readFileSync(new URL('../../../spec/words/english.txt', import.meta.url), 'utf8');
  t.equal(`${WORDS.join('\n')}\n`, list);
  t.equal(WORDS.length, 2048);
  t.equal(new Set(WORDS.map((word) => word.slice(0, 4))).size, 2048);
  t.strictSame(WORDS, [...WORDS].sort());
  t.ok(WORDS.every((word) => /^[a-z]{3,8}$/.test(word)));
});

t.test('CO-01 CO-02 CO-10 a code is written in one form and read in many', async (t) => {
  t.equal(formatCode(CODE), '7-copper-violin');
  t.equal(new TextDecoder().decode(passwordOf(CODE)), 'copper-violin');
  for (const text of [
    '7-copper-violin',
    '7 Copper Violin',
    '  7 – COPPER — violin.\n',
    '“7, copper; violin”',
    '7/copper_violin',
    '7\u2011copper\u2011violin',
    '\uff17\uff0dcopper\uff0dviolin',
    '\uff17 \uff23\uff4f\uff50\uff50\uff45\uff52 violin',
    '[7] (copper) <violin>',
  ])
    t.strictSame(read(text), CODE, text);
  t.strictSame(read('9999-zoo-zoo'), { number: 9999, words: 'zoo-zoo' }, 'the highest number, a word twice');
});

t.test('CO-03 a word is read from its fourth letter on, and only with letters of the word', async (t) => {
  for (const text of ['7-copp-viol', '7-coppe-violin', '7-copper-violi']) t.strictSame(read(text), CODE, text);
  t.strictSame(read('1-act-zoo'), { number: 1, words: 'act-zoo' }, 'words of three letters');
  t.strictSame(read('1-actor-zoo'), { number: 1, words: 'actor-zoo' }, 'a word that begins like another');
  for (const [text, which] of [
    ['7-cop-violin', 'first'],
    ['7-copper-vio', 'second'],
    ['7-coppers-violin', 'first'],
    ['7-copper-violet', 'second'],
    ['7-k\u00f6pper-violin', 'first'],
    ['7-copper-12', 'second'],
  ] as const)
    t.equal(read(text), `The ${which} word of the code is not in the list of words.`, text);
});

t.test('CO-01 CO-02 CO-03 other texts are refused, and nothing of them is repeated', async (t) => {
  for (const text of ['', '7', '7-copper', 'copper-violin', '7-copper-violin-9', '7copper-violin', '7--'])
    t.match(read(text), /^A code is a number and two words/, text);
  for (const number of ['0', '07', '10000', '-', 'x', '7a', '1e3', '\u0667'])
    t.match(
      read(`${number} copper violin`),
      /^A code (begins with a number from 1 to 9999|is a number and two words)/,
      number,
    );
  t.equal(read(`7-copper-violin${' '.repeat(120)}`), 'The code is too long.');
  t.strictSame(read(`7-copper-violin${' '.repeat(113)}`), CODE, '128 characters');
  t.notMatch(read('secretword-copper-violin'), /secretword/);
});

t.test('CO-04 each word comes from the low 11 bits of two bytes of its own', async (t) => {
  const draws = [Uint8Array.of(0xff, 0xff), Uint8Array.of(0x08, 0x00)];
  t.equal(
    drawWords(() => draws.shift() ?? new Uint8Array(0)),
    'zoo-abandon',
  );
  const random = deterministicRandom('words');
  const drawn = new Set(Array.from({ length: 400 }, () => drawWords(random)));
  t.equal(drawn.size, 400);
});

t.test('CO-03 a terminal completes what was typed', async (t) => {
  t.strictSame(completeWord('vio'), ['violin']);
  t.strictSame(completeWord('act'), ['act', 'action', 'actor', 'actress', 'actual']);
  t.strictSame(
    completeWord('q'),
    WORDS.filter((word) => word.startsWith('q')),
  );
  t.strictSame(completeWord('xyz'), []);
});
