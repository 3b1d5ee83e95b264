import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FILE_MODE, SETTINGS_FILE, storageFailure } from './data-directory.ts';
import { exitCodes } from './exit.ts';
import { Failure } from './failure.ts';

/** What `init` keeps for later commands. No secrets: keys are in the store. */
export interface Settings {
  /** As written: `host:port` or `<nodeid>[.<kem hash>]@host:port` (CL-34). */
  readonly relays: readonly string[];
  /** At most DEVICE_NAME_BYTES_MAX bytes. */
  readonly deviceName: string;
  readonly tofuMode: 'permissive' | 'strict';
  readonly mode: 'hybrid' | 'classical';
}

const VERSION = 1;

function unreadable(path: string, what: string): Failure {
  return new Failure({
    exit: exitCodes.storage,
    code: 'settings',
    message: `${path} is not readable: ${what}`,
    hint: 'repair the file, or start with another directory (--data-dir) and join the group again',
  });
}

function parse(path: string, text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(path, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw unreadable(path, 'it is not an object');
  const fields = value as Record<string, unknown>;
  const { version, relays, device_name: deviceName, tofu_mode: tofuMode, mode } = fields;
  if (version !== VERSION) throw unreadable(path, `version must be ${VERSION}`);
  if (!Array.isArray(relays) || !relays.every((each) => typeof each === 'string'))
    throw unreadable(path, 'relays must be a list of texts');
  if (typeof deviceName !== 'string') throw unreadable(path, 'device_name must be a text');
  if (tofuMode !== 'permissive' && tofuMode !== 'strict')
    throw unreadable(path, 'tofu_mode must be permissive or strict');
  if (mode !== 'hybrid' && mode !== 'classical') throw unreadable(path, 'mode must be hybrid or classical');
  return { relays, deviceName, tofuMode, mode };
}

export function readSettings(directory: string): Settings {
  const path = join(directory, SETTINGS_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw storageFailure('read', path, error);
  }
  return parse(path, text);
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeNew(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', FILE_MODE);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Whole or not at all: a temporary file of mode 0600, fsync, rename, fsync of the directory. */
export function writeSettings(directory: string, settings: Settings): void {
  const path = join(directory, SETTINGS_FILE);
  const temporary = `${path}.new`;
  const { relays, deviceName, tofuMode, mode } = settings;
  const content = { version: VERSION, relays, device_name: deviceName, tofu_mode: tofuMode, mode };
  try {
    rmSync(temporary, { force: true });
    writeNew(temporary, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(temporary, path);
    sync(dirname(path));
  } catch (error) {
    throw storageFailure('write', path, error);
  }
}
