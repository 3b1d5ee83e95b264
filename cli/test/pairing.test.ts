import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { contents, objects, ofType, zerok } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const relay = await startRelay();

/** A device that has created a group; the invite has these options. */
async function creator(...options: string[]) {
  const directory = join(temporaryDirectory(), 'creator');
  const args = ['pair', '--create', '--json', '--relay', relay.address, '--data-dir', directory];
  const run = await zerok([...args, ...options]);
  const [line] = objects(run.stdout);
  return { directory, run, invite: String(line?.['invite']), line };
}

function freshDirectory(): string {
  return join(temporaryDirectory(), 'joiner');
}

t.test('lesson/pairing-end-to-end CLI-004 --create, --join on stdin, --device-name, push, pull', async (t) => {
  const { directory: a, invite, line } = await creator('--device-name', 'laptop');
  t.match(line, { type: 'invite', passphrase: false, relay: relay.address, group: /^[0-9a-z]{52}$|^[0-9a-f]{64}$/ });
  const b = freshDirectory();
  const joined = await zerok(['pair', '--join', '-', '--json', '--data-dir', b], `${invite}\n`);
  t.equal(joined.code, 0, joined.stderr);
  t.match(objects(joined.stdout), [{ type: 'joined', group: line?.['group'], relay: relay.address }]);
  t.notMatch(joined.stdout + joined.stderr, invite, 'PA-06 the invite is not repeated');
  t.equal((await zerok(['push', 'from a', '--data-dir', a])).code, 0);
  const pulled = await zerok(['pull', '--json', '--data-dir', b]);
  t.match(ofType(pulled.stdout, 'message'), [{ content: 'from a', sender_name: 'laptop' }]);
});

t.test('lesson/invite-single-use a used invite is refused with exit code 8', async (t) => {
  const { invite } = await creator();
  t.equal((await zerok(['pair', '--join', '-', '--data-dir', freshDirectory()], invite)).code, 0);
  const again = await zerok(['pair', '--join', '-', '--data-dir', freshDirectory()], invite);
  t.equal(again.code, 8);
  t.match(again.stderr, /^error: .+\nhint: .+\n$/);
});

t.test('F-005 PA-06 an invite from a file is fine, as an argument it is refused', async (t) => {
  const first = await creator();
  const path = join(temporaryDirectory(), 'invite');
  writeFileSync(path, first.invite);
  const fromFile = await zerok(['pair', '--join', `@${path}`, '--data-dir', freshDirectory()]);
  t.equal(fromFile.code, 0, fromFile.stderr);
  const second = await creator();
  const fromArgument = await zerok(['pair', '--join', second.invite, '--data-dir', freshDirectory()]);
  t.equal(fromArgument.code, 2, fromArgument.stderr);
  t.notMatch(fromArgument.stderr, second.invite.slice(7, 20));
});

t.test('PA-01 finding/T3 an invite that was wrapped, quoted and dotted by a mail program is read', async (t) => {
  const { invite } = await creator();
  const mailed = `> "${invite.replace(/.{60}/g, '$&\n> ')}".\n`;
  const joined = await zerok(['pair', '--join', '-', '--data-dir', freshDirectory()], mailed);
  t.equal(joined.code, 0, joined.stderr);
});

t.test('PA-24 pair --cancel takes an invite back, once', async (t) => {
  const { invite, directory } = await creator();
  const cancelled = await zerok(['pair', '--cancel', '-', '--json', '--data-dir', directory], invite);
  t.equal(cancelled.code, 0, cancelled.stderr);
  t.match(objects(cancelled.stdout), [{ type: 'cancelled' }]);
  t.equal((await zerok(['pair', '--join', '-', '--data-dir', freshDirectory()], invite)).code, 8);
  const again = await zerok(['pair', '--cancel', '-', '--data-dir', directory], invite);
  t.equal(again.code, 8);
  t.match(again.stderr, /not available\nhint: /);
});

t.test('PA-20 a join that failed by a wrong passphrase is repeated in a new process', async (t) => {
  const path = join(temporaryDirectory(), 'passphrase');
  writeFileSync(path, 'correct horse battery staple', { mode: 0o600 });
  const { invite } = await creator('--passphrase-file', path);
  const directory = freshDirectory();
  const repeat = () => zerok(['pair', '--join', '-', '--passphrase-file', path, '--data-dir', directory], invite);
  writeFileSync(path, 'wrong');
  t.equal((await repeat()).code, 8);
  writeFileSync(path, 'correct horse battery staple');
  t.equal((await repeat()).code, 0);
});

t.test('PA-04 a typing mistake is found before the relay is asked, and burns no claim', async (t) => {
  const { invite } = await creator();
  const at = invite.length - 9;
  const wrong = invite.slice(0, at) + (invite[at] === 'y' ? 'b' : 'y') + invite.slice(at + 1);
  const directory = freshDirectory();
  const refused = await zerok(['pair', '--join', '-', '--json', '--data-dir', directory], wrong);
  t.equal(refused.code, 8);
  t.match(objects(refused.stderr), [{ type: 'error', kind: 'invite', code: 1050, error_name: 'INVITE_MALFORMED' }]);
  t.equal(existsSync(directory), false, 'nothing was made');
  t.equal((await zerok(['pair', '--join', '-', '--data-dir', directory], invite)).code, 0);
});

t.test('CLI-004 --passphrase-file: the invite needs the passphrase too', async (t) => {
  const path = join(temporaryDirectory(), 'passphrase');
  writeFileSync(path, 'correct horse battery staple\n', { mode: 0o600 });
  const { invite, line } = await creator('--passphrase-file', path);
  t.equal(line?.['passphrase'], true);
  const nobody = await zerok(['pair', '--join', '-', '--data-dir', freshDirectory()], invite);
  t.equal(nobody.code, 2, 'without a terminal nobody can be asked');
  t.match(nobody.stderr, /--passphrase-file/);
  const joiner = freshDirectory();
  const joined = await zerok(['pair', '--join', '-', '--passphrase-file', path, '--data-dir', joiner], invite);
  t.equal(joined.code, 0, joined.stderr);
  const other = await creator('--passphrase-file', path);
  writeFileSync(path, 'wrong\n');
  const wrong = await zerok(
    ['pair', '--join', '-', '--passphrase-file', path, '--data-dir', freshDirectory()],
    other.invite,
  );
  t.equal(wrong.code, 8, wrong.stderr);
  t.notMatch(wrong.stderr, /battery|wrong\b.*wrong/);
});

t.test('a device that has joined keeps inviting others, and joins its group no second time', async (t) => {
  const first = await creator();
  const b = freshDirectory();
  await zerok(['pair', '--join', '-', '--data-dir', b], first.invite);
  const second = await zerok(['pair', '--create', '--json', '--data-dir', b]);
  t.equal(objects(second.stdout)[0]?.['group'], first.line?.['group']);
  const c = freshDirectory();
  t.equal(
    (await zerok(['pair', '--join', '-', '--data-dir', c], String(objects(second.stdout)[0]?.['invite']))).code,
    0,
  );
  await zerok(['push', 'from c', '--data-dir', c]);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', first.directory])).stdout), ['from c']);
  const third = await zerok(['pair', '--create', '--json', '--data-dir', first.directory]);
  const again = String(objects(third.stdout)[0]?.['invite']);
  const refused = await zerok(['pair', '--join', '-', '--data-dir', b], again);
  t.equal(refused.code, 1);
  t.match(refused.stderr, /^error: .+\nhint: .*group list.*\n$/);
  const other = await creator();
  t.equal((await zerok(['pair', '--join', '-', '--data-dir', b], other.invite)).code, 0, 'another group');
});

t.test('without a group: exit code 3 and what to do', async (t) => {
  const directory = freshDirectory();
  for (const args of [['push', 'x'], ['pull'], ['watch'], ['queue', 'list']]) {
    const run = await zerok([...args, '--data-dir', directory]);
    t.equal(run.code, 3, args.join(' '));
    t.match(run.stderr, /^error: there is no device .*\nhint: .*pair --create.*\n$/);
  }
  t.equal((await zerok(['init', '--data-dir', directory])).code, 0);
  const run = await zerok(['push', 'x', '--data-dir', directory]);
  t.equal(run.code, 3);
  t.match(run.stderr, /in no group yet/);
});

t.test('CLI-004 init keeps relays, device name and modes for later commands', async (t) => {
  const directory = freshDirectory();
  const args = ['init', '--data-dir', directory, '--relay', relay.address, '--device-name', 'Küche'];
  const made = await zerok([...args, '--tofu-strict', '--classical', '--json']);
  t.match(objects(made.stdout), [{ type: 'initialised', directory, relays: [relay.address], device_name: 'Küche' }]);
  t.match(JSON.parse(readFileSync(join(directory, 'settings.json'), 'utf8')), {
    tofu_mode: 'strict',
    mode: 'classical',
  });
  const created = await zerok(['pair', '--create', '--json', '--data-dir', directory]);
  t.equal(created.code, 0, created.stderr);
  const status = await zerok(['status', '--json', '--data-dir', directory]);
  const expected = { type: 'status', device_name: 'Küche', tofu_mode: 'strict', mode: 'classical' };
  t.match(ofType(status.stdout, 'status'), [expected]);
  const again = await zerok(['init', '--data-dir', directory]);
  t.equal(again.code, 1);
  t.match(again.stderr, /there is a device .* already/);
});
