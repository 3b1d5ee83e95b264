// The examples in the READMEs of the packages for tests, run as the test files that they are.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t from 'tap';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = /<!-- run -->\n```ts\n(.*?)```/gs;
const COUNTS = { testing: 1, testkit: 3 };

for (const [name, count] of Object.entries(COUNTS)) {
  t.test(`the examples in the README of ${name} pass`, async (t) => {
    const readme = readFileSync(join(ROOT, name, 'README.md'), 'utf8');
    const sources = [...readme.matchAll(EXAMPLE)].map(([, source = '']) => source);
    t.equal(sources.length, count);
    const files = sources.map((source, index) => [`example-${index}.test.ts`, source] as const);
    const directory = t.testdir(Object.fromEntries(files));
    for (const [file] of files) {
      const flags = ['--conditions=@0k-sync/source', '--test-reporter=tap', join(directory, file)];
      const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      t.equal(code, 0, output);
      t.match(output, /^# pass [1-9]/m);
      t.match(output, /^# fail 0$/m);
    }
  });
}
