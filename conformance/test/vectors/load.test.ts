import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { exitCodes } from '../../src/run/exit.ts';
import { loadVectors } from '../../src/vectors/load.ts';
import { FIXTURE_VECTORS } from '../support/commands.ts';

/** A copy of the fixtures in which one file was changed. */
async function changed(t: Test, name: string, change: (text: string) => string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'vectors-'));
  t.teardown(() => rm(root, { recursive: true }));
  await cp(dirname(FIXTURE_VECTORS), root, { recursive: true });
  const path = join(root, 'vectors', name);
  await writeFile(path, change(await readFile(path, 'utf8')));
  return join(root, 'vectors');
}

t.test('cases become tests with all that their report needs', async (t) => {
  const { tests, digest } = await loadVectors(FIXTURE_VECTORS);
  t.equal(tests.length, 8);
  t.match(
    tests.find(({ id }) => id === 'text/nodeid/short'),
    {
      title: 'A digit too few.',
      level: 'must',
      requirements: ['OV-03'],
      requires: ['nodeid.parse'],
      op: 'nodeid.parse',
      twin: 'text/nodeid/hexadecimal',
    },
  );
  t.match(digest, /^[0-9a-f]{64}$/);
});

t.test('the digest follows the content', async (t) => {
  const other = await changed(t, 'text/padme.json', (text) => text.replace('1000 bytes', 'A thousand bytes'));
  t.not((await loadVectors(other)).digest, (await loadVectors(FIXTURE_VECTORS)).digest);
});

const BROKEN = {
  'not JSON': [(text: string) => text.slice(1), /text\/padme.json is not JSON/],
  'against the schema': [
    (text: string) => text.replaceAll('"must"', '"may"'),
    /text\/padme.json is no vector file: .*level/,
  ],
  'an id twice': [
    (text: string) => text.replace('text/padme/nine', 'text/padme/one-thousand'),
    /two cases have the id/,
  ],
  'an id of another file': [
    (text: string) => text.replace('text/padme/nine', 'text/nodeid/short'),
    /two cases have the id/,
  ],
} as const;

for (const [name, [change, message]] of Object.entries(BROKEN)) {
  t.test(`a vector file that is broken is named: ${name}`, async (t) => {
    await t.rejects(loadVectors(await changed(t, 'text/padme.json', change)), { message, exit: exitCodes.selfCheck });
  });
}

t.test('a twin must be a positive case', async (t) => {
  for (const twin of ['text/nodeid/missing', 'text/nodeid/empty']) {
    const dir = await changed(t, 'text/nodeid.json', (text) =>
      text.replace('"twin": "text/nodeid/hexadecimal"', `"twin": "${twin}"`),
    );
    await t.rejects(loadVectors(dir), { message: /is no positive case/ });
  }
});

t.test('no directory is no vectors', async (t) => {
  t.strictSame((await loadVectors('/nonexistent')).tests, []);
});
