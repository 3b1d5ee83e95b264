import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyncSession } from '@0k-sync/client/node';
import t from 'tap';
import { Watch } from '../../tools/demo/device.ts';
import { contents, objects, ofType, zerok } from './support/program.ts';
import { pairThrough, startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const LIVE_MS = 30_000;
const relay = await startRelay();

t.test('push: an argument, stdin and --file; every byte arrives', async (t) => {
  const { a, b } = await pairThrough(relay);
  const path = join(temporaryDirectory(), 'bytes');
  writeFileSync(path, Uint8Array.of(0xff, 0, 1));
  const pushed = await zerok(['push', 'Grüße', '--json', '--data-dir', a]);
  const durable = { type: 'pushed', state: 'acknowledged', relay: relay.address, durable: true, id: /^[0-9a-f]{32}$/ };
  t.match(objects(pushed.stdout), [durable]);
  t.equal((await zerok(['push', '-', '--data-dir', a], 'two\nlines\n')).code, 0);
  t.match(await zerok(['push', '--file', path, '--data-dir', a]), { code: 0, stdout: /stored durably/ });
  const [one, two, three, ...rest] = ofType((await zerok(['pull', '--json', '--data-dir', b])).stdout, 'message');
  t.match(one, { content: 'Grüße', id: objects(pushed.stdout)[0]?.['id'], own: false, cursor: null });
  t.match(two, { content: 'two\nlines\n' });
  t.match(three, { content_base64: '/wAB' });
  t.equal(rest.length, 0);
  const tooLarge = await zerok(['push', '-', '--data-dir', a], 'x'.repeat(200 * 1024));
  t.equal(tooLarge.code, 2, tooLarge.stderr);
  const missing = await zerok(['push', '--file', `${path}.missing`, '--data-dir', a]);
  t.equal(missing.code, 2);
  t.match(missing.stderr, /ENOENT/);
});

t.test('CLI-004 pull prints what is new once; --limit and --after-cursor', async (t) => {
  const { a, b } = await pairThrough(relay);
  for (const text of ['1', '2', '3']) await zerok(['push', text, '--data-dir', a]);
  const first = await zerok(['pull', '--limit', '2', '--json', '--data-dir', b]);
  t.strictSame(contents(first.stdout), ['1', '2']);
  t.match(ofType(first.stdout, 'pulled'), [{ messages: 2, unread: 1 }]);
  t.match(ofType((await zerok(['status', '--json', '--data-dir', b])).stdout, 'status'), [{ unread: 1 }]);
  t.match((await zerok(['status', '--data-dir', b])).stdout, /^unread +1 message$/m);
  const second = await zerok(['pull', '--json', '--data-dir', b]);
  t.strictSame(contents(second.stdout), ['3']);
  t.match(ofType(second.stdout, 'pulled'), [{ messages: 1, unread: 0 }]);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), []);
  const again = await zerok(['pull', '--after-cursor', '0', '--json', '--data-dir', b]);
  t.strictSame(contents(again.stdout), ['1', '2', '3']);
  const cursors = ofType(again.stdout, 'message').map((each) => String(each['cursor']));
  const above = await zerok(['pull', '--after-cursor', cursors[0] ?? '', '--limit', '1', '--json', '--data-dir', b]);
  t.strictSame(contents(above.stdout), ['2']);
  const text = await zerok(['pull', '--after-cursor', cursors[1] ?? '', '--data-dir', b]);
  t.match(text.stdout, /^\[\d+\] .+: 3\n$/);
});

t.test('what an earlier version has printed is not printed again', async (t) => {
  const { a, b } = await pairThrough(relay);
  for (const text of ['1', '2', '3']) await zerok(['push', text, '--data-dir', a]);
  // The earlier version had its place in messages().
  const session = await SyncSession.new(undefined, [], { dataDir: b });
  await session.pull();
  for await (const { content } of session.messages({ live: false })) if (content === '2') break;
  await session.close();
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), ['3']);
});

t.test('watch prints live messages until SIGINT, escaped, and exits with 0', async (t) => {
  const { a, b } = await pairThrough(relay);
  const watch = new Watch(['--data-dir', b]);
  t.teardown(() => watch.interrupt());
  await watch.lines.first('connected', LIVE_MS, (line) => line['type'] === 'connected');
  await zerok(['push', '-', '--data-dir', a], '\x1b[2J\x9bfake');
  const line = await watch.lines.first('message', LIVE_MS, (each) => each['type'] === 'message');
  t.equal(line['content'], '\x1b[2J\x9bfake');
  t.equal(await watch.interrupt(), 0);
  t.strictSame(
    contents((await zerok(['pull', '--json', '--data-dir', b])).stdout),
    [],
    'what watch printed is not new',
  );
  const text = await zerok(['pull', '--after-cursor', '0', '--data-dir', b]);
  t.match(text.stdout, ': \\e[2J\\x9bfake\n');
});

t.test('status names device, group, members, relays and queue', async (t) => {
  const { a, b } = await pairThrough(relay);
  await zerok(['push', 'x', '--data-dir', b]);
  await zerok(['pull', '--data-dir', a]);
  const [line] = ofType((await zerok(['status', '--json', '--data-dir', a])).stdout, 'status');
  t.match(line, { directory: a, device: String, group: String, unsynced: 0, tofu_mode: 'permissive', mode: 'hybrid' });
  t.match(line?.['members'], [{ own: true }, { own: false, device: String }]);
  t.match(line?.['relays'], [{ relay: relay.address, state: 'connected', cursor: Number }]);
  const text = await zerok(['status', '--data-dir', a]);
  t.match(text.stdout, relay.address);
});
