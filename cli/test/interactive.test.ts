import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import t from 'tap';
import { run } from '../src/run.ts';
import { type FakeIoOptions, fakeIo, TypedTerminal } from './support/io.ts';
import { objects } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const relay = await startRelay();
const CODE = /[█▄▀ ]{40}\n/;

/** Runs a command here, where its terminal can be played. */
async function command(args: readonly string[], options: FakeIoOptions = {}) {
  const io = fakeIo(options);
  const code = await run(args, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

t.test(
  'CLI-004 --passphrase asks twice without echo; joining asks once; the invite is a QR code on a terminal',
  async (t) => {
    const base = temporaryDirectory();
    const a = ['--data-dir', join(base, 'a'), '--relay', relay.address];
    const typed = [new TypedTerminal('höchst geheim, wirklich'), new TypedTerminal('höchst geheim, wirklich')];
    const created = await command(['pair', '--create', '--passphrase', ...a], { terminal: true, terminals: typed });
    t.equal(created.code, 0, created.stderr);
    t.match(stripVTControlCharacters(created.stdout), CODE, 'F-026 it fits one code');
    t.match(created.stderr, /whoever has this invite and the passphrase can join once/);
    const invite = created.stdout.trimEnd().split('\n').at(-1) ?? '';
    t.match(invite, /^0ksync:[0-9a-z]+$/);
    const asked = new TypedTerminal('höchst geheim, wirklich');
    const join1 = ['pair', '--join', '-', '--data-dir', join(base, 'b')];
    const joined = await command(join1, { stdin: invite, terminals: [asked] });
    t.equal(joined.code, 0, joined.stderr);
    for (const { output, raw } of [...typed, asked]) {
      t.equal(raw, true);
      t.notMatch(output.text, /geheim/);
    }
    t.notMatch(created.stdout + created.stderr + joined.stdout + joined.stderr, /geheim/);
  },
);

t.test('--json and pipes get no QR code', async (t) => {
  const base = temporaryDirectory();
  const a = ['--data-dir', join(base, 'a'), '--relay', relay.address];
  const json = await command(['pair', '--create', '--json', ...a], { terminal: true });
  t.match(objects(json.stdout), [{ type: 'invite' }]);
  t.notMatch(json.stdout, CODE);
  const plain = await command(['pair', '--create', '--no-color', ...a], { terminal: true });
  t.match(plain.stdout, CODE);
  t.notMatch(plain.stdout, '\x1b');
  const piped = await command(['pair', '--create', ...a]);
  t.match(piped.stdout, /^0ksync:[0-9a-z]+\n$/);
});

t.test('CLI-004 --no-color: colours on a terminal only, and not for those who said no', async (t) => {
  const a = ['--data-dir', join(temporaryDirectory(), 'a')];
  await command(['init', ...a, '--relay', relay.address]);
  t.match((await command(['status', ...a], { terminal: true })).stdout, '\x1b[2mdirectory');
  t.notMatch((await command(['status', '--no-color', ...a], { terminal: true })).stdout, '\x1b');
  t.notMatch((await command(['status', ...a], { terminal: true, environment: { NO_COLOR: '1' } })).stdout, '\x1b');
  t.notMatch((await command(['status', ...a])).stdout, '\x1b');
  t.match((await command(['push', ...a], { terminal: true })).stderr, '\x1b[31merror:');
  t.notMatch((await command(['push', '--no-color', ...a], { terminal: true })).stderr, '\x1b');
});

t.test('an interrupted push is on disk, says so, and exits with 130', async (t) => {
  const a = ['--data-dir', join(temporaryDirectory(), 'a')];
  await command(['pair', '--create', ...a, '--relay', relay.address]);
  const io = { ...fakeIo(), interrupted: AbortSignal.abort() };
  t.equal(await run(['push', 'x', '--relay', '127.0.0.1:9', '--json', ...a], io), 130);
  t.match(objects(io.stdout.text), [{ type: 'pushed', state: 'queued', unsynced: 1 }]);
  t.match(objects(io.stderr.text).at(-1), { type: 'error', kind: 'interrupted', exit: 130 });
  const reading = { ...fakeIo({ stdin: 'x' }), interrupted: AbortSignal.abort() };
  t.equal(await run(['push', '-', ...a], reading), 130, 'also while it reads stdin');
});
