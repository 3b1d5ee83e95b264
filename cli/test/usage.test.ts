import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import t from 'tap';
import { exitCodes } from '../src/exit.ts';
import { createProgram } from '../src/program.ts';
import { run } from '../src/run.ts';
import { fakeIo } from './support/io.ts';
import { objects, zerok } from './support/program.ts';
import { temporaryDirectory } from './support/temporary.ts';

const PAGE = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const SOURCES = join(import.meta.dirname, '../src');
const ERRORS_PAGE = join(import.meta.dirname, '../../spec/errors.md');

/** Rows of the page's table whose first heading is this one, without the head. */
function tableOf(heading: string): string[][] {
  const rows =
    PAGE.slice(PAGE.indexOf(`| ${heading} |`))
      .split('\n\n')[0]
      ?.split('\n')
      .slice(2) ?? [];
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function* leaves(command: Command): Generator<Command> {
  if (command.commands.length === 0) yield command;
  for (const each of command.commands) yield* leaves(each);
}

t.test('CLI-004 the program as a process: --help, --version and a wrong option', async (t) => {
  const help = await zerok(['--help']);
  t.equal(help.code, 0);
  t.match(help.stdout, /Usage: 0k-sync/);
  t.match((await zerok(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  const wrong = await zerok(['push', '--jsn']);
  t.equal(wrong.code, 2);
  t.equal(wrong.stdout, '');
  t.match(wrong.stderr, /^error: unknown option '--jsn'\nhint: Did you mean --json\? .*\n$/);
});

t.test('what is wrong on the command line is said in two lines, with exit code 2', async (t) => {
  const cases: [string[], RegExp][] = [
    [[], /^error: no command was given/],
    [['queue'], /^error: no command was given/],
    [['sink'], /^error: unknown command 'sink'/],
    [['pull', '--limit', '0'], /at least 1/],
    [['pull', '--limit', '1e3'], /must be a whole number/],
    [['pull', '--after-cursor', '-1'], /must be a whole number/],
    [['pull', '--after-cursor', '9007199254740992'], /must be a whole number/],
    [['pull', '--timeout', '0'], /above 0/],
    [['queue', 'drop', 'xyz'], /32 hexadecimal digits/],
    [['queue', 'drop'], /missing required argument 'id'/],
    [['pair', '--create', '--join', '-'], /cannot be used with/],
    [['pair'], /pair needs --create, --join or --cancel/],
    [['pair', '--cancel', '-', '--passphrase'], /needs no passphrase/],
    [['pair', '--cancel', '-', '--join', '-'], /cannot be used with/],
    [['pair', '--join', '-', '--passphrase'], /--passphrase is for --create/],
    [['pair', '--join', '-', '--passphrase-file', '-'], /cannot both come from stdin/],
    [['init', '--relay', '0.0.0.0:4433'], /nobody can dial that/],
    [['pair', '--create', '--relay', `${'y'.repeat(52)}@[::]:4433`], /nobody can dial that/],
    [['relay', 'add', '0.0.0.0'], /nobody can dial that/],
    [['push'], /nothing to push/],
    [['push', 'a', '--file', 'b'], /cannot be used together/],
    [['push', 'a', 'b'], /too many arguments/],
  ];
  for (const [args, message] of cases) {
    const io = fakeIo({ environment: { ZEROK_SYNC_DIR: join(temporaryDirectory(), 'none') } });
    t.equal(await run(args, io), 2, args.join(' '));
    t.match(io.stderr.text, message);
    t.match(io.stderr.text, /^error: .+\nhint: .+\n$/);
    t.equal(io.stdout.text, '');
  }
});

t.test('CLI-004 --json gives errors as objects', async (t) => {
  const io = fakeIo();
  t.equal(await run(['push', '--json', '--nope'], io), 2);
  t.match(objects(io.stderr.text), [{ type: 'error', exit: 2, kind: 'usage', message: /--nope/, hint: String }]);
});

t.test('the exit codes of the page are those of the program', async (t) => {
  const documented = tableOf('code').map(([code]) => Number(code));
  t.strictSame(documented, Object.values(exitCodes));
});

t.test('every command and option that a text of the program names exists', async (t) => {
  const sources = globSync(join(SOURCES, '**/*.ts')).map((path) => readFileSync(path, 'utf8'));
  const text = [...sources, readFileSync(ERRORS_PAGE, 'utf8')].join('\n');
  const commands = [...leaves(createProgram(fakeIo(), () => {}))];
  const options = new Set(commands.flatMap((command) => command.options.map(({ long }) => long)));
  const namedOptions = new Set(text.match(/(?<![-\w])--[a-z][a-z-]+/g));
  t.strictSame(
    [...namedOptions].filter((option) => !options.has(option)),
    ['--help'],
  );
  const names = new Set(commands.flatMap((each) => [each.name(), `${each.parent?.name()} ${each.name()}`]));
  const groups = new Set(commands.map((each) => each.parent?.name()));
  for (const [named, first = '', second = ''] of text.matchAll(/`?0k-sync ([a-z]+)(?: ([a-z]+))?/g)) {
    t.ok(groups.has(first) ? second === '' || names.has(`${first} ${second}`) : names.has(first), named);
  }
});

t.test('CLI-004 the page names every command and option, and no others', async (t) => {
  const commands = [...leaves(createProgram(fakeIo(), () => {}))];
  const options = new Set(commands.flatMap((command) => command.options.map(({ long }) => long)));
  const documented = tableOf('option').map(([cell]) => cell?.match(/--[a-z-]+/)?.[0]);
  const onlyInCommands = ['--cancel', '--create', '--join'];
  t.strictSame([...documented, ...onlyInCommands].sort(), [...options].sort());
  const names = commands.map((each) => (each.parent?.parent ? `${each.parent.name()} ${each.name()}` : each.name()));
  const rows = tableOf('command').map(([cell]) => cell?.replaceAll('`', '').replace(/ (-|<|\[).*/, ''));
  t.strictSame(new Set(rows), new Set(names));
});
