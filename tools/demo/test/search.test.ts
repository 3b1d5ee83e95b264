import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { formsOf, searchBytes, searchFiles } from '../search.ts';

function directoryWith(t: { teardown(run: () => void): void }, files: Readonly<Record<string, Uint8Array | string>>) {
  const directory = mkdtempSync(join(tmpdir(), '0k-search-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

t.test('SC-23 a text is found in every form, in every file, in every folder', async (t) => {
  const text = 'Grüße ~?>, secret';
  const bytes = Buffer.from(text);
  const inside = Buffer.concat([randomBytes(7), bytes, randomBytes(7)]);
  const directory = directoryWith(t, {
    'data/relay.db': inside,
    'data/relay.db-wal': inside.toString('hex'),
    'log/a.log': inside.toString('hex').toUpperCase(),
    'log/b.log': inside.toString('base64'),
    'log/c.log': inside.toString('base64url'),
    wide: Buffer.from(text, 'utf16le'),
    clean: randomBytes(1000),
  });
  const { files, findings } = searchFiles(directory, [text, 'absent text']);
  t.equal(files, 7);
  t.strictSame(
    new Set(findings.map(({ file }) => file.split('/').at(-1))),
    new Set(['relay.db', 'relay.db-wal', 'a.log', 'b.log', 'c.log', 'wide']),
  );
  t.strictSame(new Set(findings.map(({ text: found }) => found)), new Set([text]));
  t.equal(searchBytes(directory, bytes), 1);
});

t.test('base64 is found at every alignment', async () => {
  const around = fc.uint8Array({ maxLength: 12 });
  fc.assert(
    fc.property(around, fc.string({ minLength: 8 }), around, (before, text, after) => {
      const whole = Buffer.concat([before, Buffer.from(text), after]);
      const found = (encoded: string) => formsOf(text).some(({ bytes }) => encoded.includes(bytes.toString('latin1')));
      return found(whole.toString('base64')) && found(whole.toString('base64url'));
    }),
  );
});
