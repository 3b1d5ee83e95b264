import { constants } from 'node:fs';
import { access, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { SuiteError } from '../run/suite-error.ts';

/** The error for an output that cannot be written: usage before a run, infrastructure after it. */
export function unwritable(what: string, { message }: Error, exit: ExitCode = exitCodes.infrastructure): SuiteError {
  return new SuiteError(`${what} cannot be written: ${message}`, 'name a file in a directory that exists', exit);
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'absent'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
}

/** Throws `SuiteError` for a file that could not be written, `-` is stdout. Nothing is made or changed. */
export async function demandWritable(what: string, path: string): Promise<void> {
  if (path === '-') return;
  try {
    const kind = await kindOf(path);
    if (kind === 'directory') throw new Error(`${path} is a directory`);
    await access(kind === 'file' ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(what, error as Error, exitCodes.usage);
  }
}

/** Makes a directory and throws `SuiteError` unless it is empty and can be written: what is in it is of one run. */
export async function demandEmptyDirectory(what: string, dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
  } catch (error) {
    throw unwritable(what, error as Error, exitCodes.usage);
  }
  if ((await readdir(dir)).length > 0)
    throw new SuiteError(
      `${dir} is not empty, and ${what} holds the failures of one run`,
      'remove it, or name another directory',
      exitCodes.usage,
    );
}
