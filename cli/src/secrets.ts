import { holdsInvite } from '@0k-sync/core/pairing';
import { isCancel, password } from '@clack/prompts';
import { CommandError, usageError } from './command-error.ts';
import { isOpenToOthers } from './data-directory.ts';
import { exitCodes } from './exit.ts';
import { readFile, readInput } from './input.ts';
import type { Io } from './io.ts';
import type { Reporter } from './reporter.ts';

/** Far above INVITE_CHARACTERS_MAX, with room for white space. */
const INVITE_BYTES_MAX = 16 * 1024;
const SECRET_BYTES_MAX = 4 * 1024;

/** Asks on the terminal without echo, even if stdin and stdout are pipes. SC-24. */
async function askFor(io: Io, message: string, hint: string): Promise<string> {
  const terminal = io.openTerminal();
  if (terminal === undefined) throw usageError(`there is no terminal to ask for the ${message}`, hint);
  try {
    const answer = await password({ message, input: terminal.input, output: terminal.output, signal: io.interrupted });
    if (!isCancel(answer)) return answer ?? '';
  } finally {
    terminal.close();
  }
  throw new CommandError({
    exit: exitCodes.failure,
    kind: 'cancelled',
    message: 'cancelled',
    hint: 'nothing was changed',
  });
}

function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${name} is not UTF-8 text`, 'save it as UTF-8');
  }
}

/**
 * Reads an invite: `-` from stdin, or from the terminal without echo; `@path` from a file. The source is never the invite
 * itself. PA-06.
 */
export async function readInvite(io: Io, source: string): Promise<string> {
  if (source === '-' && io.stdin.isTTY === true) return askFor(io, 'invite', 'pipe the invite into the command');
  if (source === '-') return decodeText(await readInput(io, INVITE_BYTES_MAX), 'the standard input');
  if (source.startsWith('@')) return decodeText(readFile(source.slice(1), INVITE_BYTES_MAX).bytes, source.slice(1));
  throw usageError('an invite is read from stdin or from a file', 'use - for stdin, or @path for a file');
}

/** Refuses an invite among the arguments, which it does not repeat. @throws CommandError `usage`. PA-06, SC-24. */
export function refuseInvites(args: readonly string[]): void {
  if (!args.some(holdsInvite)) return;
  throw usageError(
    'an invite is a secret and no argument: other users can see arguments, and the shell keeps them in its history',
    'cancel this invite with `pair --cancel -`, and give the next one on stdin (`pair --join -`) or in a file',
  );
}

function checkPassphrase(passphrase: string): string {
  if (passphrase.normalize('NFKC') !== '') return passphrase;
  throw usageError('the passphrase is empty', 'give a passphrase of at least one character');
}

/** Reads a secret from stdin (`-`) or a file, without one line break at its end. */
async function secretFrom(io: Io, reporter: Reporter, path: string): Promise<string> {
  if (path === '-')
    return decodeText(await readInput(io, SECRET_BYTES_MAX), 'the standard input').replace(/\r?\n$/, '');
  const { bytes, mode } = readFile(path, SECRET_BYTES_MAX);
  if (isOpenToOthers(mode))
    reporter.warning(
      { type: 'warning', code: 'open-file', path },
      `other users can read ${path}; run: chmod 600 ${path}`,
    );
  return decodeText(bytes, path).replace(/\r?\n$/, '');
}

const ELSEWHERE = 'give the passphrase with --passphrase-file <path>';

/** Reads the passphrase of a new invite; a person has to type it twice. PA-09. */
export async function newPassphrase(io: Io, reporter: Reporter, file: string | undefined): Promise<string> {
  if (file !== undefined) return checkPassphrase(await secretFrom(io, reporter, file));
  const first = checkPassphrase(await askFor(io, 'passphrase', ELSEWHERE));
  if ((await askFor(io, 'passphrase again', ELSEWHERE)) === first) return first;
  throw usageError('the two passphrases differ', 'run the command again');
}

/** Reads the passphrase that a received invite needs. PA-09. */
export async function passphraseOfInvite(io: Io, reporter: Reporter, file: string | undefined): Promise<string> {
  return checkPassphrase(
    file === undefined ? await askFor(io, 'passphrase', ELSEWHERE) : await secretFrom(io, reporter, file),
  );
}

/** Reads the token that a relay demands for a new group; empty when no file is named. SE-13. */
export async function readAccessToken(io: Io, reporter: Reporter, file: string | undefined): Promise<string> {
  return file === undefined ? '' : await secretFrom(io, reporter, file);
}
