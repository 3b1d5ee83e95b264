import { chmodSync, lstatSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultDataDir, STORE_FILE_NAME } from '@0k-sync/client/node';
import { CommandError, systemCodeOf } from './command-error.ts';
import { exitCodes } from './exit.ts';
import type { Environment } from './terminal.ts';

/** Read, write and search for the owner, nothing for others. GR-13. */
export const DIRECTORY_MODE = 0o700;
/** Read and write for the owner, nothing for others. GR-13. */
export const FILE_MODE = 0o600;
const OTHERS = 0o077;

/** Name of the file that marks a data directory and holds its settings. */
export const SETTINGS_FILE = 'settings.json';

/** The absolute path of `--data-dir`, otherwise of the library's default. */
export function dataDirectory(option: string | undefined, environment: Environment): string {
  return resolve(option || defaultDataDir(environment));
}

/** True when a file mode lets other users read, write or search. */
export function isOpenToOthers(mode: number): boolean {
  return (mode & OTHERS) !== 0;
}

function directoryError(message: string, hint: string): CommandError {
  return new CommandError({ exit: exitCodes.storage, kind: 'data-directory', message, hint });
}

/** Turns a file system error into one that names the action and the path. */
export function storageError(action: string, path: string, error: unknown): CommandError {
  const code = systemCodeOf(error);
  const hint =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'make room on the disk and try again; nothing that was stored is lost'
      : 'check the path, its owner and its permissions, or name another directory with --data-dir';
  return directoryError(`cannot ${action} ${path}: ${code}`, hint);
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw storageError('use', path, error);
  }
}

function checkPrivate(path: string, status: Stats): void {
  if (!status.isDirectory()) throw directoryError(`${path} is not a directory`, 'name a directory with --data-dir');
  if (process.getuid !== undefined && status.uid !== process.getuid())
    throw directoryError(`${path} belongs to another user`, 'name a directory of your own with --data-dir');
  if (isOpenToOthers(status.mode))
    throw directoryError(`${path} holds keys and is open to other users`, `run: chmod 700 ${path}`);
}

/** True when the directory holds a device. @throws CommandError when the directory is not private to its owner. */
export function holdsDevice(path: string): boolean {
  const status = statusOf(path);
  if (status === undefined || statusOf(join(path, SETTINGS_FILE)) === undefined) return false;
  checkPrivate(path, status);
  return true;
}

/** Checks that the store of a device is there: a new one in its place would be a new device. @throws CommandError */
export function checkStore(directory: string): void {
  const status = statusOf(join(directory, STORE_FILE_NAME));
  if (status === undefined) throw lostStoreError(directory, 'is missing');
  if (status.size === 0) throw emptiedStoreError(directory);
}

/** The error for a store that has lost what it held. */
export function emptiedStoreError(directory: string): CommandError {
  return lostStoreError(directory, 'is empty');
}

function lostStoreError(directory: string, what: string): CommandError {
  return directoryError(
    `${join(directory, STORE_FILE_NAME)} ${what}, although it held the keys and messages of this device`,
    'restore the file from a backup; without one, join as a new device with another directory (--data-dir)',
  );
}

/** Creates the directory with mode 0700, or takes an empty one. @throws CommandError when it holds other files. */
export function createDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
    if (readdirSync(path).length === 0) chmodSync(path, DIRECTORY_MODE);
  } catch (error) {
    throw storageError('create', path, error);
  }
  if (readdirSync(path).length > 0)
    throw directoryError(`${path} holds other files`, 'name an empty or new directory with --data-dir');
  checkPrivate(path, lstatSync(path));
}
