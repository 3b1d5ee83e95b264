import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { compile } from '../compile/compile.ts';
import { good } from './fixture.ts';

const { outputs } = compile(good);

function textOf(path: string): string {
  const output = outputs.find((candidate) => candidate.path === path);
  if (output === undefined) throw new RangeError(`${path} is not emitted`);
  return output.text;
}

t.test('the modules load and hold what the tables say', async (t) => {
  const directory = t.testdir({ 'package.json': '{"type":"module"}' });
  const load = async (name: string): Promise<Record<string, unknown>> => {
    const file = join(directory, `${name}.ts`);
    writeFileSync(file, textOf(`src/${name}.ts`));
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  };
  t.match(await load('errors'), {
    errors: { RATE_LIMITED: { number: 2000, name: 'RATE_LIMITED', class: 'session.rate', retry: 'later' } },
    errorNames: { 2000: 'RATE_LIMITED' },
    rejectClasses: { 'frame.parse': { clause: 'SE-01' } },
  });
  t.match(await load('limits'), { FRAME_BYTES_MAX: 65536, limits: { ITEMS_MAX: { id: 'LI-03', unit: 'items' } } });
  t.match(await load('labels'), { LABEL_GROUP_ID: '0k-sync/v1/group-id', labels: { 'LI-11': '0k-sync/v1/hello' } });
  t.match(await load('frames'), {
    frames: {
      Hello: { field: 'hello', number: 2, from: 'client', states: ['fresh'], event: 'hello', answer: ['HelloAck'] },
    },
  });
  t.match(await load('patterns'), {
    patterns: { hybrid: { alpn: '/0k-sync/2', messages: [{ from: 'initiator', tokens: ['e'], length: 1216 }] } },
  });
  t.match(await load('requirements'), {
    requirements: { 'SE-04': { chapter: 'spec/session.md', level: 'should', violation: null } },
    identifiers: { 'SE-04': 'requirement', 'SE-100': 'transition', 'LI-01': 'limit', 'LI-10': 'label' },
  });
  t.match(await load('machines'), {
    clientSession: { initial: 'greeting', finals: ['closed', 'failed'], events: ['hello-ack', 'bye'] },
    relaySession: { table: { ready: { bye: { next: 'closed', actions: ['close'], id: 'SE-22' } } } },
    machines: { 'client-session': { name: 'client-session' }, 'relay-session': { name: 'relay-session' } },
  });
});

t.test('everything says that it is generated', async (t) => {
  for (const { path, text } of outputs.filter((output) => !/^(package|tsconfig.*)\.json$/.test(output.path))) {
    t.match(text.slice(0, 60), /generated, do not edit/, path);
  }
});

t.test('diagrams draw every arrow and list every row', async (t) => {
  const text = textOf('diagrams/relay-session.md');
  t.match(text, '  fresh --> ready: hello (SE-20)\n');
  t.match(text, '  ready --> ready: hello (SE-21)\n');
  t.match(text, '  closed --> [*]\n');
  t.match(text, '| SE-21 | any other | hello | stays | refuse |\n');
});

t.test('the package takes its versions from the root and names every module', async (t) => {
  const description = JSON.parse(textOf('package.json')) as { version: string; exports: Record<string, unknown> };
  t.match(description, { version: '1.2.3', license: 'CC0-1.0', dependencies: { '@bufbuild/protobuf': '^2.0.0' } });
  const modules = ['machines', 'errors', 'limits', 'labels', 'frames', 'patterns', 'requirements', 'schema'];
  t.strictSame(
    Object.keys(description.exports),
    [...modules, 'wire/error', 'wire/frame'].map((name) => `./${name}`),
  );
  t.strictSame(description.exports['./wire/frame'], {
    '@0k-sync/source': './src/wire/zerok/sync/v1/frame.ts',
    types: './dist/wire/zerok/sync/v1/frame.d.ts',
    default: './dist/wire/zerok/sync/v1/frame.js',
  });
});
