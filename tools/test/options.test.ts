import { join } from 'node:path';
import t from 'tap';
import { createProgram } from '../../cli/src/program.ts';
import { fakeIo } from '../../cli/test/support/io.ts';
import type { SyncSessionOptions } from '../../client/src/node/index.ts';
import { sections } from '../../relay/src/config/sections.ts';
import { collectEvidence } from '../ledger/evidence.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const titles = collectEvidence(ROOT).filter(({ kind }) => kind === 'test');

/** The type checker refuses an option that is missing here. */
const CLIENT_OPTIONS: Readonly<Record<keyof SyncSessionOptions, true>> = {
  transport: true,
  store: true,
  crypto: true,
  random: true,
  clock: true,
  mode: true,
  tofuMode: true,
  deviceName: true,
  accessToken: true,
  offline: true,
  signal: true,
  dataDir: true,
};

/** True if the title of a test in one of the folders names the option. */
function isWatched(option: string, folders: readonly string[]): boolean {
  const named = new RegExp(`(?<![\\w.-])${option.replaceAll('.', '\\.')}(?![\\w-])`);
  return titles.some(({ name, place }) => folders.some((folder) => place.file.startsWith(folder)) && named.test(name));
}

t.test('lesson/config-has-effect every option of relay.toml has a test that names it', async (t) => {
  for (const [section, schema] of Object.entries(sections)) {
    for (const key of Object.keys(schema.shape)) {
      t.ok(isWatched(`${section}.${key}`, ['relay/test/']), `${section}.${key}`);
    }
  }
});

t.test('lesson/config-has-effect every option of a client’s session has a test that names it', async (t) => {
  for (const key of Object.keys(CLIENT_OPTIONS)) {
    t.ok(isWatched(`SyncSessionOptions.${key}`, ['client/test/', 'test/integration/']), key);
  }
});

t.test('lesson/config-has-effect CLI-004 every option of every command has a test that names it', async (t) => {
  const commands = [createProgram(fakeIo(), () => {})];
  for (const command of commands) commands.push(...command.commands);
  const flags = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long ?? '')));
  t.ok(flags.size > 10);
  for (const flag of flags) t.ok(isWatched(flag, ['cli/test/']), flag);
});
