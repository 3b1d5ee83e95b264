import { chmodSync, lstatSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { exitCodes } from './exit.ts';
import { Failure } from './failure.ts';
import type { Environment } from './terminal.ts';

/** Read, write and search for the owner, nothing for others. */
export const DIRECTORY_MODE = 0o700;
export const FILE_MODE = 0o600;
const OTHERS = 0o077;

export const SETTINGS_FILE = 'settings.json';

/** `--data-dir`, ZEROK_SYNC_DIR, or `0k-sync` in the user's data directory (XDG base directory specification). */
export function dataDirectory(option: string | undefined, environment: Environment): string {
  const named = option ?? environment['ZEROK_SYNC_DIR'];
  if (named !== undefined && named !== '') return resolve(named);
  const base = environment['XDG_DATA_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.local', 'share'), '0k-sync');
}

function refuse(message: string, hint: string): Failure {
  return new Failure({ exit: exitCodes.storage, code: 'data-directory', message, hint });
}

/** A file system error as one sentence that names the path. */
export function storageFailure(action: string, path: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const hint =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'make room on the disk and try again; nothing that was stored is lost'
      : 'check the path, its owner and its permissions, or name another with --data-dir';
  return refuse(`cannot ${action} ${path}: ${code}`, hint);
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw storageFailure('use', path, error);
  }
}

function checkPrivate(path: string, status: Stats): void {
  if (!status.isDirectory()) throw refuse(`${path} is not a directory`, 'name a directory with --data-dir');
  if (process.getuid !== undefined && status.uid !== process.getuid())
    throw refuse(`${path} belongs to another user`, 'name a directory of your own with --data-dir');
  if ((status.mode & OTHERS) !== 0)
    throw refuse(`${path} is open to other users, and it holds keys`, `chmod 700 ${path}`);
}

/** Whether the directory holds a device; one that does is private to its owner. */
export function holdsDevice(path: string): boolean {
  const status = statusOf(path);
  if (status === undefined || statusOf(join(path, SETTINGS_FILE)) === undefined) return false;
  checkPrivate(path, status);
  return true;
}

/** Makes the directory, or takes an empty one, with mode 0700. Somebody else's files are never mixed with ours. */
export function createDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
    if (readdirSync(path).length === 0) chmodSync(path, DIRECTORY_MODE);
  } catch (error) {
    throw storageFailure('create', path, error);
  }
  if (readdirSync(path).length > 0)
    throw refuse(`${path} holds other files`, 'name an empty or new directory with --data-dir');
  checkPrivate(path, lstatSync(path));
}
