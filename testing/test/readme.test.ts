import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t from 'tap';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const EXAMPLE = /<!-- run -->\n```ts\n(.*?)```/gs;

const examples = [...README.matchAll(EXAMPLE)].map(([, source = '']) => source);
const directory = t.testdir(Object.fromEntries(examples.map((source, index) => [`example-${index}.test.ts`, source])));

t.test('the examples of the README pass', async (t) => {
  t.equal(examples.length, 1);
  for (const index of examples.keys()) {
    const file = join(directory, `example-${index}.test.ts`);
    const flags = ['--conditions=@0k-sync/source', '--test-reporter=tap', file];
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    t.equal(code, 0, output);
    t.match(output, /^# pass [1-9]/m);
    t.match(output, /^# fail 0$/m);
  }
});
