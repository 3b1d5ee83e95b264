import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { contents, objects, ofType, zerok } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const relay = await startRelay();
const freshDirectory = () => join(temporaryDirectory(), 'device');

/** Invites from a group of a directory, and joins with the given arguments. Resolves with the group's id. */
async function invite(from: string, to: string, ...joining: string[]): Promise<string> {
  const made = await zerok(['pair', '--create', '--json', '--data-dir', from, '--relay', relay.address]);
  const [line] = objects(made.stdout);
  const joined = await zerok(['pair', '--join', '-', '--json', '--data-dir', to, ...joining], String(line?.['invite']));
  if (joined.code !== 0) throw new Error(made.stderr + joined.stderr);
  return String(line?.['group']);
}

/** A device in the groups `home` and `work`, each with another device that has sent it messages. */
async function twoGroups() {
  const [hub, home, work] = [freshDirectory(), freshDirectory(), freshDirectory()];
  const ids = { home: await invite(home, hub, '--group', 'home'), work: await invite(work, hub, '--group', 'work') };
  await zerok(['push', 'from home', '--data-dir', home]);
  for (const text of ['from work', 'more work']) await zerok(['push', text, '--data-dir', work]);
  return { hub, home, work, ids };
}

t.test('client.md/11 one data directory has many groups, and --group says which one is meant', async (t) => {
  const { hub, home, work, ids } = await twoGroups();
  const unnamed = await zerok(['push', 'x', '--data-dir', hub]);
  t.equal(unnamed.code, 2, unnamed.stderr);
  const [first, second] = [ids.home.slice(0, 8), ids.work.slice(0, 8)];
  const list = `home (${first}), work (${second})`;
  t.equal(
    unnamed.stderr,
    `error: the device in ${hub} is in 2 groups\nhint: name one of these with --group: ${list}\n`,
  );
  const unknown = await zerok(['pull', '--group', 'holiday', '--json', '--data-dir', hub]);
  t.match(objects(unknown.stderr), [{ type: 'error', exit: 2, kind: 'group', message: /"holiday"/, hint: list }]);

  t.equal((await zerok(['push', 'to home', '--group', 'home', '--data-dir', hub])).code, 0);
  t.equal((await zerok(['push', 'to work', '--group', second, '--data-dir', hub])).code, 0, 'the beginning of an id');
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', home])).stdout), ['to home']);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', work])).stdout), ['to work']);
  const pulled = await zerok(['pull', '--group', 'wo', '--limit', '1', '--json', '--data-dir', hub]);
  t.strictSame(contents(pulled.stdout), ['from work'], 'the beginning of a name');

  const status = await zerok(['status', '--json', '--data-dir', hub]);
  t.match(ofType(status.stdout, 'status'), [
    { group: ids.home, name: 'home', unread: 0, relays: [{ state: 'connected' }] },
    { group: ids.work, name: 'work', unread: 1, relays: [{ state: 'connected' }] },
  ]);
  const text = (await zerok(['status', '--data-dir', hub])).stdout;
  t.match(text, new RegExp(`^group +${ids.home}$`, 'm'));
  t.match(text, /^unread +1 message$/m);
  t.match(ofType((await zerok(['status', '--group', 'work', '--json', '--data-dir', hub])).stdout, 'status'), [
    { group: ids.work },
  ]);
  await zerok(['pull', '--group', 'home', '--data-dir', hub]);
  const listed = await zerok(['group', 'list', '--json', '--data-dir', hub]);
  t.match(ofType(listed.stdout, 'group'), [
    { group: ids.home, name: 'home', relay: relay.address, unread: 0, unsynced: 0, device: String },
    { group: ids.work, name: 'work', unread: 1 },
  ]);
  t.match((await zerok(['group', 'list', '--data-dir', hub])).stdout, `work (${second})  ${relay.address}, 1 unread`);
});

t.test('every command that acts on a group takes --group', async (t) => {
  const { hub } = await twoGroups();
  const commands = [
    ['queue', 'list'],
    ['queue', 'retry'],
    ['relay', 'list'],
    ['relay', 'trust', relay.address],
    ['pair', '--create'],
    ['pull', '--after-cursor', '0'],
    ['push', '--queue-only', 'later'],
  ];
  for (const args of commands) {
    t.equal((await zerok([...args, '--data-dir', hub])).code, 2, args.join(' '));
    const named = await zerok([...args, '--group', 'work', '--data-dir', hub]);
    t.equal(named.code, 0, `${args.join(' ')}: ${named.stderr}`);
  }
  t.match(ofType((await zerok(['queue', 'list', '--group', 'work', '--json', '--data-dir', hub])).stdout, 'queued'), [
    { kind: 'message' },
  ]);
  t.strictSame(objects((await zerok(['queue', 'list', '--group', 'home', '--json', '--data-dir', hub])).stdout), []);
});

t.test('init --group adds a group; without a relay it waits for relay add', async (t) => {
  const directory = freshDirectory();
  const made = await zerok(['init', '--group', 'notes', '--json', '--data-dir', directory]);
  t.match(objects(made.stdout), [{ type: 'initialised' }, { type: 'group-created', name: 'notes', relay: null }]);
  const pushed = await zerok(['push', 'kept', '--data-dir', directory]);
  t.match(pushed, { code: 0, stdout: /^queued .*the group has no relay; `relay add` gives it one/ });
  const pulled = await zerok(['pull', '--data-dir', directory]);
  t.equal(pulled.code, 2);
  t.match(pulled.stderr, /hint: add a relay with `0k-sync relay add`/);
  const added = await zerok(['relay', 'add', relay.address, '--json', '--data-dir', directory]);
  t.match(objects(added.stdout), [{ type: 'relay-added', used: true }]);
  t.match(objects((await zerok(['queue', 'retry', '--json', '--data-dir', directory])).stdout), [{ left: 0 }]);

  const more = await zerok(['init', '--group', 'family', '--relay', relay.address, '--data-dir', directory]);
  t.match(more, { code: 0, stdout: `created the group family at ${relay.address}\n` });
  const twice = await zerok(['init', '--group', 'family', '--data-dir', directory]);
  t.match(twice, { code: 2, stderr: /there is a group called "family" already/ });
  const strict = await zerok(['init', '--group', 'other', '--tofu-strict', '--data-dir', directory]);
  t.match(strict, { code: 2, stderr: /stay as they are/ });
  const phone = freshDirectory();
  const invited = await zerok(['pair', '--create', '--group', 'family', '--json', '--data-dir', directory]);
  await zerok(['pair', '--join', '-', '--data-dir', phone], String(objects(invited.stdout)[0]?.['invite']));
  await zerok(['push', 'to the phone', '--group', 'family', '--data-dir', directory]);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', phone])).stdout), ['to the phone']);
});

t.test('group rename; names are unique, and an ambiguous beginning is refused', async (t) => {
  const { hub, ids } = await twoGroups();
  const renamed = await zerok(['group', 'rename', 'workshop', '--group', 'home', '--json', '--data-dir', hub]);
  t.match(objects(renamed.stdout), [{ type: 'group-renamed', group: ids.home, name: 'workshop' }]);
  t.equal((await zerok(['group', 'rename', 'work', '--group', 'workshop', '--data-dir', hub])).code, 2);
  t.equal((await zerok(['group', 'rename', ' ', '--group', 'workshop', '--data-dir', hub])).code, 2);
  const ambiguous = await zerok(['queue', 'list', '--group', 'wor', '--data-dir', hub]);
  t.match(ambiguous, { code: 2, stderr: /"wor" fits 2 groups\nhint: .*workshop .*work / });
  t.equal((await zerok(['queue', 'list', '--group', 'work', '--data-dir', hub])).code, 0, 'a whole name is not');
});

t.test('a data directory of before there were many groups is used as it was', async (t) => {
  const [a, b] = [freshDirectory(), freshDirectory()];
  const group = await invite(a, b);
  const path = join(b, 'settings.json');
  const { groups, ...settings } = JSON.parse(readFileSync(path, 'utf8'));
  t.match(groups, [{ id: group }]);
  writeFileSync(path, JSON.stringify({ ...settings, relays: ['127.0.0.1:9', relay.address], group }));
  const push = (...args: string[]) => zerok(['push', 'x', '--timeout', '0.5', '--json', '--data-dir', b, ...args]);
  t.match(objects((await push()).stdout), [{ state: 'queued' }], 'the first relay of the settings was the one in use');
  t.match(objects((await push('--relay', relay.address, '--timeout', '10')).stdout), [{ state: 'acknowledged' }]);
  t.match(ofType((await zerok(['group', 'list', '--json', '--data-dir', b])).stdout, 'group'), [
    { group, name: null, relay: '127.0.0.1:9' },
  ]);
});
