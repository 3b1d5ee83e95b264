import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createDirectory, dataDirectory, holdsDevice } from '../src/data-directory.ts';
import { readSettings, type Settings, writeSettings } from '../src/settings.ts';
import { throwsCommandError } from './support/errors.ts';
import { temporaryDirectory } from './support/temporary.ts';

const SETTINGS: Settings = {
  relays: ['[::1]:4433'],
  deviceName: 'ü',
  tofuMode: 'strict',
  mode: 'classical',
  groups: [{ id: 'g' }],
};

function refused(t: Test, run: () => unknown, message: RegExp, hint: RegExp): void {
  throwsCommandError(t, run, { exit: 7, message, hint });
}

t.test('lesson/secret-files the directory is 0700 and the settings 0600, whatever the umask', async (t) => {
  const directory = join(temporaryDirectory(), 'a', 'b');
  const before = process.umask(0);
  t.teardown(() => process.umask(before));
  createDirectory(directory);
  writeSettings(directory, SETTINGS);
  t.equal(statSync(directory).mode & 0o777, 0o700);
  t.equal(statSync(join(directory, 'settings.json')).mode & 0o777, 0o600);
  t.strictSame(readSettings(directory), SETTINGS);
  t.equal(holdsDevice(directory), true);
});

t.test('an empty directory is taken and closed to others', async (t) => {
  const directory = join(temporaryDirectory(), 'open');
  mkdirSync(directory, { mode: 0o755 });
  t.equal(holdsDevice(directory), false);
  createDirectory(directory);
  t.equal(statSync(directory).mode & 0o777, 0o700);
});

t.test('F-004 a device that others could read is refused', async (t) => {
  const directory = temporaryDirectory();
  writeSettings(directory, SETTINGS);
  chmodSync(directory, 0o750);
  refused(t, () => holdsDevice(directory), /is open to other users/, /^run: chmod 700 /);
});

t.test("somebody else's files are never mixed with ours", async (t) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'thesis.txt'), '');
  refused(t, () => createDirectory(directory), /holds other files/, /--data-dir/);
  refused(t, () => createDirectory(join(directory, 'thesis.txt')), /cannot create .*: EEXIST/, /--data-dir/);
  symlinkSync(directory, join(directory, 'link'));
  refused(t, () => holdsDevice(join(directory, 'thesis.txt', 'x')), /cannot use .*: ENOTDIR/, /check the path/);
});

t.test('a damaged settings file is named with what is wrong', async (t) => {
  const directory = temporaryDirectory();
  const good = { version: 1, relays: [], device_name: '', tofu_mode: 'strict', mode: 'hybrid' };
  const cases: [string, RegExp][] = [
    ['{', /not JSON/],
    ['null', /not an object/],
    [JSON.stringify({ ...good, version: 2 }), /version must be 1/],
    [JSON.stringify({ ...good, relays: [1] }), /relays must be/],
    [JSON.stringify({ ...good, device_name: 1 }), /device_name must be/],
    [JSON.stringify({ ...good, tofu_mode: 'lax' }), /tofu_mode must be/],
    [JSON.stringify({ ...good, mode: '' }), /mode must be/],
    [JSON.stringify({ ...good, group: 1 }), /group must be/],
    [JSON.stringify({ ...good, groups: [{ name: 'x' }] }), /groups must be/],
  ];
  for (const [text, message] of cases) {
    writeFileSync(join(directory, 'settings.json'), text);
    refused(t, () => readSettings(directory), message, /repair the file/);
  }
});

t.test('CLI-004 --data-dir goes before ZEROK_SYNC_DIR, XDG_DATA_HOME and the home directory', async (t) => {
  const environment = { ZEROK_SYNC_DIR: '/b', XDG_DATA_HOME: '/c' };
  t.equal(dataDirectory('/a', environment), '/a');
  t.equal(dataDirectory(undefined, environment), '/b');
  t.equal(dataDirectory(undefined, { XDG_DATA_HOME: '/c' }), '/c/0k-sync');
  t.equal(dataDirectory(undefined, { XDG_DATA_HOME: 'relative' }), join(homedir(), '.local/share/0k-sync'));
  t.equal(dataDirectory('x', {}), join(process.cwd(), 'x'));
});
