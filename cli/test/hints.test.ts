// Every hint names commands and calls that exist, in the words of who reads it: the library's of its API, the program's
// of its commands.
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as client from '@0k-sync/client';
import { errors } from '@0k-sync/generated/errors';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import type { Command } from 'commander';
import t from 'tap';
import { createProgram } from '../src/program.ts';
import { fakeIo } from './support/io.ts';

const ROOT = join(import.meta.dirname, '../..');
const LITERAL = /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

interface Hint {
  readonly place: string;
  readonly text: string;
}

/** The texts behind `hint:` in the sources of one workspace; a choice of two gives both. */
function hintsIn(workspace: string): Hint[] {
  const paths = globSync(join(ROOT, workspace, 'src/**/*.ts'));
  return paths.flatMap((path) => {
    const source = readFileSync(path, 'utf8');
    const place = relative(ROOT, path);
    return [...source.matchAll(/\bhint(?:: | =|\()[^;]*?(?=\n\s*\}|;|\n\s*[a-z]\w*[,:])/g)].flatMap(([statement]) =>
      [...statement.matchAll(LITERAL)].map(([literal]) => ({ place, text: literal.slice(1, -1) })),
    );
  });
}

const library: readonly Hint[] = [
  ...['client', 'core', 'transport'].flatMap(hintsIn),
  ...Object.entries(errors).map(([name, { hint }]) => ({ place: name, text: hint })),
];

/** The calls of the public API. */
const calls = new Set(await callsOf());

async function callsOf(): Promise<string[]> {
  const session = await client.SyncSession.new(undefined, [], { transport: new MemoryNetwork().transport('here') });
  t.teardown(() => session.close());
  const { Device, Group, Log } = client;
  const faces = [Device, Group, Log].map(({ prototype }) => prototype);
  faces.push(...[session, session.queue].map(Object.getPrototypeOf));
  return [...Object.keys(client), ...faces.flatMap((face) => Object.getOwnPropertyNames(face))];
}

function* commandsOf(command: Command): Generator<string> {
  for (const each of command.commands) {
    yield [command.parent === null ? '' : command.name(), each.name()].join(' ').trim();
    yield* commandsOf(each);
  }
}

const program = createProgram(fakeIo(), () => {});
const names = new Set(commandsOf(program));
const options = new Set(program.commands.flatMap((each) => each.options.map(({ long }) => long)));

t.test('finding/T10 a hint of the library names nothing of a command line, and only calls that exist', async (t) => {
  t.ok(library.length > 60, `${library.length} hints`);
  for (const { place, text } of library) {
    t.notMatch(text, /0k-sync [a-z]+ |`/, `${place}: ${text}`);
    t.notOk(
      text.match(/--[a-z][a-z-]+/g)?.some((option) => options.has(option)),
      `${place}: ${text}`,
    );
    for (const [, name = ''] of text.matchAll(/\b(?<!new )([A-Za-z]\w*)\(/g)) {
      const isCall = calls.has(name) || text.includes(`new ${name}(`);
      t.ok(isCall, `${place}: ${text}`);
    }
  }
});

t.test('finding/T10 a text of the program names only commands that exist', async (t) => {
  const sources = globSync(join(ROOT, 'cli/src/**/*.ts'));
  const texts = sources.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(LITERAL)].map(([text]) => text));
  const quoted = texts.flatMap((text) => [...text.slice(1, -1).matchAll(/\\?`(?:0k-sync )?([a-z][^`\\]*)\\?`/g)]);
  t.ok(quoted.length > 10, `${quoted.length} commands`);
  for (const [text, command = ''] of quoted) {
    const [first = '', second = ''] = command.split(' ');
    const isGroup = program.commands.some((each) => each.name() === first && each.commands.length > 0);
    t.ok(names.has(isGroup ? `${first} ${second}` : first), text);
  }
});

t.test('finding/T10 what a hint tells to do can be done', async (t) => {
  const impossible =
    /(?<!cannot )remove (?:a|the|this) (?:device|member)|rotate|delete (?:your|the) (?:data|directory)/i;
  for (const { place, text } of [...library, ...hintsIn('cli')]) t.notMatch(text, impossible, `${place}: ${text}`);
});
