import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from './command-error.ts';
import { FILE_MODE, SETTINGS_FILE, storageError } from './data-directory.ts';
import { exitCodes } from './exit.ts';

/** The name and the relay that the user gave a group. */
export interface KnownGroup {
  /** z-base-32. */
  readonly id: string;
  /** The name by which this device knows it; absent for none. Other devices are not told. */
  readonly name?: string;
  /** The relay to use in place of the group's own, in its text form (CL-34); absent for none. */
  readonly relay?: string;
}

/** The settings that `init` keeps for later commands. They hold no secrets: keys are in the store. */
export interface Settings {
  /** Relays in their text form; a new group uses the first. CL-34. */
  readonly relays: readonly string[];
  /** At most DEVICE_NAME_BYTES_MAX bytes; may be empty. */
  readonly deviceName: string;
  readonly tofuMode: 'permissive' | 'strict';
  readonly mode: 'hybrid' | 'classical';
  /** The groups that commands have created or joined: a store without any of them is not this device's. */
  readonly groups: readonly KnownGroup[];
}

const VERSION = 1;

/** Settings of before a device could be in many groups name one, and the first relay was its. */
function groupsIn(path: string, { group, groups, relays }: Record<string, unknown>): readonly KnownGroup[] {
  if (group !== undefined && typeof group !== 'string') throw unreadableError(path, 'group must be a text');
  if (group !== undefined) return [{ id: group, ...knownRelay((relays as readonly string[])[0]) }];
  const known = groups ?? [];
  if (!Array.isArray(known) || !known.every(isKnownGroup))
    throw unreadableError(path, 'groups must be a list of objects with an id');
  return known;
}

function knownRelay(relay: string | undefined): Pick<KnownGroup, 'relay'> {
  return relay === undefined ? {} : { relay };
}

function isKnownGroup(value: unknown): value is KnownGroup {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name = '', relay = '' } = value as Record<string, unknown>;
  return [id, name, relay].every((text) => typeof text === 'string');
}

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
  const { version, relays, device_name: deviceName, tofu_mode: tofuMode, mode } = fields;
  if (version !== VERSION) throw unreadableError(path, `version must be ${VERSION}`);
  if (!Array.isArray(relays) || !relays.every((each) => typeof each === 'string'))
    throw unreadableError(path, 'relays must be a list of texts');
  if (typeof deviceName !== 'string') throw unreadableError(path, 'device_name must be a text');
  if (tofuMode !== 'permissive' && tofuMode !== 'strict')
    throw unreadableError(path, 'tofu_mode must be permissive or strict');
  if (mode !== 'hybrid' && mode !== 'classical') throw unreadableError(path, 'mode must be hybrid or classical');
  return { relays, deviceName, tofuMode, mode, groups: groupsIn(path, fields) };
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
  const { relays, deviceName, tofuMode, mode, groups } = settings;
  const content = { version: VERSION, relays, device_name: deviceName, tofu_mode: tofuMode, mode, groups };
  try {
    rmSync(temporary, { force: true });
    writeNew(temporary, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(temporary, path);
    sync(dirname(path));
  } catch (error) {
    throw storageError('write', path, error);
  }
}
