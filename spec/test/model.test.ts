import fc from 'fast-check';
import t from 'tap';
import { check, compile } from '../compile/compile.ts';
import { readTables } from '../compile/markdown.ts';
import type { Model } from '../compile/model.ts';
import type { SourceFile } from '../compile/sources.ts';
import { good, mapSources } from './fixture.ts';

const nothing = (): void => undefined;

function goodModel(): Model {
  const { checked } = check(good);
  if (checked === undefined) throw new Error('the good tree is not good');
  return checked.model;
}

/** The chapter with the rows of every marked table in the order of `keys`. */
function shuffleRows({ file, text }: SourceFile, keys: readonly number[]): SourceFile {
  const lines = text.split('\n');
  for (const { rows, marker } of readTables({ file, text }, nothing)) {
    if (marker === undefined) continue;
    const first = (rows[0]?.place.line ?? 1) - 1;
    const ranked = lines
      .slice(first, first + rows.length)
      .map((line, index) => ({ line, key: keys[(first + index) % keys.length] ?? 0 }));
    ranked.sort((a, b) => a.key - b.key);
    lines.splice(first, rows.length, ...ranked.map(({ line }) => line));
  }
  return { file, text: lines.join('\n') };
}

t.test('shuffling rows never changes what is emitted', async (t) => {
  const expected = compile(good).outputs;
  t.ok(expected.length > 0);
  const keys = fc.array(fc.integer(), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(keys, (order) => {
      const shuffled = mapSources(good, (source) =>
        source.file.endsWith('.md') ? shuffleRows(source, order) : source,
      );
      t.strictSame(compile(shuffled).outputs, expected);
    }),
    { numRuns: 25 },
  );
});

t.test('the order of chapters never changes what is emitted', async (t) => {
  const reversed = { ...good, chapters: [...good.chapters].reverse() };
  t.strictSame(compile(reversed).outputs, compile(good).outputs);
});

t.test('an escaped pipe is part of its cell, also in a code span', async (t) => {
  const text = goodModel().requirements.find(({ id }) => id === 'SE-02')?.text;
  t.equal(text, 'The signature covers `0k-sync/v1/hello` || hash.');
});

t.test('any cell text survives escaping', async () => {
  const word = fc.stringMatching(/^[a-z|`*— ]{1,20}$/).map((text) => `x${text}x`);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (cells) => {
      const row = `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
      const head = `|${' a |'.repeat(cells.length)}\n|${'---|'.repeat(cells.length)}\n`;
      const [table] = readTables({ file: 'x.md', text: head + row }, nothing);
      return JSON.stringify(table?.rows[0]?.cells) === JSON.stringify(cells);
    }),
  );
});

t.test('what stands in a code fence is no table', async (t) => {
  const table = '<!-- table: limits -->\n| a |\n|---|\n| b |\n';
  t.equal(readTables({ file: 'x.md', text: table }, nothing).length, 1);
  for (const fence of ['```', '~~~']) {
    t.strictSame(readTables({ file: 'x.md', text: `${fence}\n${table}${fence}\n` }, nothing), []);
  }
});

t.test('lines end in LF or CRLF', async (t) => {
  const crlf = mapSources(good, ({ file, text }) => ({ file, text: text.replaceAll('\n', '\r\n') }));
  t.strictSame(compile(crlf).outputs, compile(good).outputs);
});

t.test('limits are digits, with underscores, or products', async (t) => {
  const values = goodModel().limits.map(({ name, value }) => [name, value]);
  t.strictSame(values, [
    ['FRAME_BYTES_MAX', 65536],
    ['IDLE_TIMEOUT_MS', 60000],
    ['ITEMS_MAX', 16],
  ]);
});

t.test('`*` stands for every other state that is not final, `=` for the same one', async (t) => {
  const machine = goodModel().machines.find(({ name }) => name === 'relay-session');
  t.strictSame(machine?.states, ['fresh', 'ready', 'closed']);
  t.strictSame(machine?.table.get('fresh')?.get('hello'), { next: 'ready', actions: ['send-hello-ack'], id: 'SE-20' });
  t.strictSame(machine?.table.get('ready')?.get('hello'), { next: 'ready', actions: ['refuse'], id: 'SE-21' });
  t.strictSame(machine?.table.get('ready')?.get('bye'), { next: 'closed', actions: ['close'], id: 'SE-22' });
  t.strictSame(machine?.table.get('fresh')?.get('bye'), { next: 'closed', actions: ['close'], id: 'SE-100' });
  t.equal(machine?.table.has('closed'), false);
});
