import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from './command-error.ts';
import { FILE_MODE, SETTINGS_FILE, storageError } from './data-directory.ts';
import { exitCodes } from './exit.ts';

/** The settings that `init` keeps for later commands. They hold no secrets: keys are in the store. */
export interface Settings {
  /** Addresses, `host:port`; commands use the first. CL-34. */
  readonly relays: readonly string[];
  /** At most DEVICE_NAME_BYTES_MAX bytes; may be empty. */
  readonly deviceName: string;
  readonly tofuMode: 'permissive' | 'strict';
  readonly mode: 'hybrid' | 'classical';
  /** The group that the device is in, z-base-32: a store without it is not this device's. Undefined before pairing. */
  readonly group?: string | undefined;
}

const VERSION = 1;

function unreadableError(path: string, what: string): CommandError {
  return new CommandError({
    exit: exitCodes.storage,
    kind: 'settings',
    message: `${path} is not readable: ${what}`,
    hint: 'repair the file; the keys and messages beside it are not damaged by this',
  });
}

function parse(path: string, text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw unreadableError(path, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw unreadableError(path, 'it is not an object');
  const fields = value as Record<string, unknown>;
  const { version, relays, device_name: deviceName, tofu_mode: tofuMode, mode, group } = fields;
  if (version !== VERSION) throw unreadableError(path, `version must be ${VERSION}`);
  if (!Array.isArray(relays) || !relays.every((each) => typeof each === 'string'))
    throw unreadableError(path, 'relays must be a list of texts');
  if (typeof deviceName !== 'string') throw unreadableError(path, 'device_name must be a text');
  if (tofuMode !== 'permissive' && tofuMode !== 'strict')
    throw unreadableError(path, 'tofu_mode must be permissive or strict');
  if (mode !== 'hybrid' && mode !== 'classical') throw unreadableError(path, 'mode must be hybrid or classical');
  if (group !== undefined && typeof group !== 'string') throw unreadableError(path, 'group must be a text');
  return { relays, deviceName, tofuMode, mode, ...(group !== undefined && { group }) };
}

/** Reads the settings of a data directory. @throws CommandError when they are missing or damaged. */
export function readSettings(directory: string): Settings {
  const path = join(directory, SETTINGS_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw storageError('read', path, error);
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

/**
 * Writes the settings whole or not at all: a temporary file of mode 0600, fsync, rename, fsync of the directory. GR-13.
 */
export function writeSettings(directory: string, settings: Settings): void {
  const path = join(directory, SETTINGS_FILE);
  const temporary = `${path}.new`;
  const { relays, deviceName, tofuMode, mode, group } = settings;
  const content = { version: VERSION, relays, device_name: deviceName, tofu_mode: tofuMode, mode, group };
  try {
    rmSync(temporary, { force: true });
    writeNew(temporary, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(temporary, path);
    sync(dirname(path));
  } catch (error) {
    throw storageError('write', path, error);
  }
}
