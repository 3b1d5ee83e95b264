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
  const load = async (path: string): Promise<Record<string, unknown>> => {
    const file = join(directory, `${path.replaceAll('/', '-')}.ts`);
    writeFileSync(file, textOf(`${path}.ts`));
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  };
  t.match(await load('protocol/src/errors'), {
    errors: { RATE_LIMITED: { number: 2000, name: 'RATE_LIMITED', class: 'session.rate', retry: 'later' } },
    errorNames: { 2000: 'RATE_LIMITED' },
  });
  t.match(
    textOf('protocol/src/errors.ts'),
    /export type RejectClass =\n(?: {2}\| "[a-z.-]+"\n)* {2}\| "frame\.parse"\n/,
  );
  t.match(await load('protocol/src/limits'), { FRAME_BYTES_MAX: 65536 });
  t.match(await load('protocol/src/labels'), { LABEL_GROUP_ID: '0k-sync/v1/group-id' });
  t.match(await load('protocol/src/frames'), {
    frames: {
      Hello: { field: 'hello', number: 2, from: 'client', states: ['fresh'], event: 'hello', answer: ['HelloAck'] },
    },
  });
  t.match(await load('protocol/src/patterns'), {
    patterns: { hybrid: { alpn: '/0k-sync/2', messages: [{ from: 'initiator', tokens: ['e'], length: 1216 }] } },
  });
  t.match(await load('spec/src/requirements'), {
    requirements: { 'SE-04': { chapter: 'spec/session.md', level: 'should', violation: null } },
    identifiers: { 'SE-04': 'requirement', 'SE-100': 'transition', 'LI-01': 'limit', 'LI-10': 'label' },
  });
  t.match(await load('spec/src/reject-classes'), { rejectClasses: { 'frame.parse': { clause: 'SE-01' } } });
  t.match(await load('protocol/src/machines/client-session'), {
    clientSession: {
      name: 'client-session',
      initial: 'greeting',
      finals: ['closed', 'failed'],
      events: ['hello-ack', 'bye'],
    },
  });
  t.match(await load('protocol/src/machines/relay-session'), {
    relaySession: { table: { ready: { bye: { next: 'closed', actions: ['close'], id: 'SE-22' } } } },
  });
});

t.test('everything says that it is generated', async (t) => {
  for (const { path, text } of outputs.filter((output) => !/\/(package|tsconfig.*)\.json$/.test(output.path))) {
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

t.test('the packages take their versions from the root and name every module', async (t) => {
  const description = JSON.parse(textOf('protocol/package.json')) as {
    version: string;
    exports: Record<string, unknown>;
  };
  t.match(description, { version: '1.2.3', license: 'CC0-1.0', dependencies: { '@bufbuild/protobuf': '^2.0.0' } });
  const machines = ['machine', 'machines/client-session', 'machines/relay-session'];
  const modules = [...machines, 'errors', 'limits', 'labels', 'frames', 'patterns', 'schema'];
  t.strictSame(
    Object.keys(description.exports),
    [...modules, 'wire/error', 'wire/frame'].map((name) => `./${name}`),
  );
  t.strictSame(description.exports['./wire/frame'], {
    '@0k-sync/source': './src/wire/zerok/sync/v1/frame.ts',
    types: './dist/wire/zerok/sync/v1/frame.d.ts',
    default: './dist/wire/zerok/sync/v1/frame.js',
  });
  const spec = JSON.parse(textOf('spec/package.json')) as typeof description;
  t.match(spec, { name: '@0k-sync/spec', version: '1.2.3', license: 'CC0-1.0', dependencies: {} });
  t.strictSame(Object.keys(spec.exports), ['./requirements', './reject-classes']);
});
