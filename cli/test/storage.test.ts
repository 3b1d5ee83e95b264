import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Watch } from '../../tools/demo/device.ts';
import { zerok } from './support/program.ts';
import { pairThrough, startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const LIVE_MS = 30_000;
const relay = await startRelay();

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

t.test(
  'lesson/secret-files F-004 everything in the data directory is for its owner alone, also while it is open',
  async (t) => {
    const { a } = await pairThrough(relay);
    const watch = new Watch(['--data-dir', a]);
    t.teardown(() => watch.interrupt());
    await watch.lines.first('connected', LIVE_MS, (line) => line['type'] === 'connected');
    const files = readdirSync(a);
    t.ok(
      files.some((name) => name.endsWith('-wal')),
      'the database is open',
    );
    t.strictSame(
      files.filter((name) => modeOf(join(a, name)) !== 0o600),
      [],
    );
    t.equal(modeOf(a), 0o700);
  },
);

t.test('one data directory serves one process at a time', async (t) => {
  const { a } = await pairThrough(relay);
  const watch = new Watch(['--data-dir', a]);
  t.teardown(() => watch.interrupt());
  await watch.lines.first('connected', LIVE_MS, (line) => line['type'] === 'connected');
  const second = await zerok(['push', 'x', '--data-dir', a]);
  t.equal(second.code, 7);
  t.match(second.stderr, /^error: .*in use.*\nhint: .+\n$/);
  t.equal(await watch.interrupt(), 0);
  t.equal((await zerok(['push', 'x', '--data-dir', a])).code, 0);
});

t.test('a store that is damaged or open to others: exit code 7, one sentence and a hint', async (t) => {
  const directory = join(temporaryDirectory(), 'device');
  await zerok(['init', '--data-dir', directory]);
  const store = join(directory, 'client.sqlite');
  chmodSync(store, 0o644);
  const open = await zerok(['status', '--data-dir', directory]);
  t.equal(open.code, 7, open.stderr);
  t.match(open.stderr, /other users.*\nhint: .*chmod 600/);
  chmodSync(store, 0o600);
  writeFileSync(store, 'this is no database, and it is long enough to be read as one'.repeat(100));
  const damaged = await zerok(['status', '--data-dir', directory]);
  t.equal(damaged.code, 7, damaged.stderr);
  t.match(damaged.stderr, /^error: .+\nhint: .+\n$/);
  writeFileSync(join(directory, 'settings.json'), '{}');
  const settings = await zerok(['status', '--data-dir', directory]);
  t.equal(settings.code, 7);
  t.match(settings.stderr, /settings\.json is not readable: version must be 1\nhint: /);
});

t.test('finding/T5 a store that is missing or emptied is no new device', async (t) => {
  const { a } = await pairThrough(relay);
  const store = join(a, 'client.sqlite');
  const fresh = join(temporaryDirectory(), 'fresh');
  await zerok(['init', '--data-dir', fresh]);
  const content = readFileSync(store);
  const losses: [string, () => void, RegExp][] = [
    ['missing', () => rmSync(store), /client\.sqlite is missing, although/],
    ['emptied', () => writeFileSync(store, ''), /client\.sqlite is empty, although/],
    ['of a new device', () => copyFileSync(join(fresh, 'client.sqlite'), store), /client\.sqlite is empty, although/],
  ];
  for (const [what, lose, message] of losses) {
    lose();
    for (const args of [['status'], ['push', 'x'], ['queue', 'list'], ['pair', '--create']]) {
      const { code, stderr } = await zerok([...args, '--data-dir', a]);
      t.equal(code, 7, `${what}: ${args.join(' ')}`);
      t.match(stderr, message);
      t.match(stderr, /hint: restore the file from a backup/);
    }
    writeFileSync(store, content, { mode: 0o600 });
    t.equal((await zerok(['push', 'x', '--data-dir', a])).code, 0, `${what}, and restored`);
  }
});

t.test('finding/T8 a byte order mark in settings.json does not matter', async (t) => {
  const { a } = await pairThrough(relay);
  const settings = join(a, 'settings.json');
  writeFileSync(settings, `\ufeff${readFileSync(settings, 'utf8')}`);
  t.equal((await zerok(['push', 'x', '--data-dir', a])).code, 0);
  writeFileSync(settings, 'no JSON');
  const broken = await zerok(['status', '--data-dir', a]);
  t.equal(broken.code, 7);
  t.notMatch(broken.stderr, /join/, 'nothing is lost that a new device would replace');
});

t.test('a reader that goes away ends watch', async (t) => {
  const { a, b } = await pairThrough(relay);
  const watch = new Watch(['--data-dir', b]);
  t.teardown(() => watch.interrupt());
  await watch.lines.first('connected', LIVE_MS, (line) => line['type'] === 'connected');
  watch.closeOutput();
  await zerok(['push', 'x', '--data-dir', a]);
  t.equal(await watch.ended, 9);
});
