import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { contextFor } from '../src/context.ts';
import { run } from '../src/run.ts';
import { newPassphrase, passphraseOfInvite, readInvite } from '../src/secrets.ts';
import { rejectsWithCommandError } from './support/errors.ts';
import { type FakeIoOptions, fakeIo, TypedTerminal } from './support/io.ts';
import { temporaryDirectory } from './support/temporary.ts';

function edges(options: FakeIoOptions = {}) {
  const io = fakeIo(options);
  return { io, reporter: contextFor(io, { color: false }).reporter };
}

t.test('SC-24 a passphrase is asked for twice and never echoed', async (t) => {
  const terminals = [new TypedTerminal('correct horse'), new TypedTerminal('correct horse')];
  const { io, reporter } = edges({ terminals });
  t.equal(await newPassphrase(io, reporter, undefined), 'correct horse');
  for (const terminal of terminals) {
    t.equal(terminal.raw, true);
    t.equal(terminal.closed, true);
    t.notMatch(terminal.output.text, /correct|horse/);
  }
  t.equal(io.stdout.text + io.stderr.text, '');
});

t.test('two different passphrases are refused', async (t) => {
  const { io, reporter } = edges({ terminals: [new TypedTerminal('one'), new TypedTerminal('two')] });
  await rejectsWithCommandError(t, newPassphrase(io, reporter, undefined), { exit: 2, message: /differ/ });
});

t.test('cancelling the prompt changes nothing', async (t) => {
  const { io, reporter } = edges({ terminals: [new TypedTerminal('\x03')] });
  await rejectsWithCommandError(t, newPassphrase(io, reporter, undefined), { exit: 1, message: 'cancelled' });
});

t.test('F-035 an empty passphrase is refused', async (t) => {
  const { io, reporter } = edges({ stdin: '\n', terminals: [new TypedTerminal('')] });
  await rejectsWithCommandError(t, newPassphrase(io, reporter, undefined), { exit: 2, message: /empty/ });
  await rejectsWithCommandError(t, passphraseOfInvite(io, reporter, '-'), { exit: 2, message: /empty/ });
});

t.test('without a terminal the file is recommended', async (t) => {
  const { io, reporter } = edges();
  await rejectsWithCommandError(t, newPassphrase(io, reporter, undefined), { exit: 2, hint: /--passphrase-file/ });
});

t.test('CLI-004 --passphrase-file reads a file or stdin, without the last line break', async (t) => {
  const path = join(temporaryDirectory(), 'passphrase');
  writeFileSync(path, ' two  words \r\n');
  chmodSync(path, 0o600);
  const { io, reporter } = edges({ stdin: 'from stdin\n\n' });
  t.equal(await passphraseOfInvite(io, reporter, path), ' two  words ');
  t.equal(io.stderr.text, '');
  chmodSync(path, 0o644);
  t.equal(await newPassphrase(io, reporter, path), ' two  words ');
  t.match(io.stderr.text, /^warning: other users can read .*chmod 600/);
  t.equal(await passphraseOfInvite(io, reporter, '-'), 'from stdin\n');
  await rejectsWithCommandError(t, passphraseOfInvite(io, reporter, `${path}.missing`), { exit: 2, message: /ENOENT/ });
  writeFileSync(path, Uint8Array.of(0xff));
  await rejectsWithCommandError(t, passphraseOfInvite(io, reporter, path), { exit: 2, message: /not UTF-8/ });
  writeFileSync(path, 'x'.repeat(5000));
  await rejectsWithCommandError(t, passphraseOfInvite(io, reporter, path), { exit: 2, message: /larger than 4096/ });
});

t.test(
  'F-005 PA-06 finding/T9 an invite comes from stdin, a file, or a prompt without echo, and never from argv',
  async (t) => {
    const path = join(temporaryDirectory(), 'invite');
    writeFileSync(path, '0ksync:file\n');
    const terminal = new TypedTerminal('0ksync:typed');
    const piped = edges({ stdin: '\n 0ksync:piped \n' });
    t.match(await readInvite(piped.io, '-'), '0ksync:piped');
    t.match(await readInvite(piped.io, `@${path}`), '0ksync:file');
    t.equal(piped.io.stderr.text, '');
    const typed = edges({ stdinIsTerminal: true, terminals: [terminal] });
    t.equal(await readInvite(typed.io, '-'), '0ksync:typed');
    t.notMatch(terminal.output.text, /typed/);
    await rejectsWithCommandError(t, readInvite(typed.io, '0ksync:argv'), { exit: 2, message: /stdin or from a file/ });
  },
);

t.test('PA-06 SC-24 finding/T9 no command takes an invite as an argument, and none repeats it', async (t) => {
  const secret = 'y'.repeat(60);
  const commands = [
    ['pair', '--join', `0ksync:${secret}`],
    ['pair', `--join=0ksync:${secret}`],
    ['pair', '--cancel', `<0KSYNC:${secret}>`],
    ['push', `here it is: 0ksync:${secret}`],
    [`0ksync:${secret}`],
  ];
  for (const args of commands) {
    for (const format of [[], ['--json']]) {
      const { io } = edges({});
      t.equal(await run([...args, ...format], io), 2);
      t.match(io.stderr.text, /an invite is a secret/);
      t.notMatch(io.stderr.text + io.stdout.text, 'yyyy');
    }
  }
});

t.test('F-009 an endless stdin is not read into memory', async (t) => {
  const { io } = edges({ stdin: 'x'.repeat(20_000) });
  await rejectsWithCommandError(t, readInvite(io, '-'), { exit: 2, message: /larger than 16384/ });
});
