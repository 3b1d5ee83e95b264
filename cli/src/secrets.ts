import { isCancel, password } from '@clack/prompts';
import { exitCodes } from './exit.ts';
import { Failure } from './failure.ts';
import { readFile, readInput } from './input.ts';
import type { Io } from './io.ts';
import type { Reporter } from './reporter.ts';

/** Far above INVITE_CHARACTERS_MAX, with room for white space. */
const INVITE_BYTES_MAX = 16 * 1024;
const SECRET_BYTES_MAX = 4 * 1024;
const OTHERS = 0o077;

function usage(message: string, hint: string): Failure {
  return new Failure({ exit: exitCodes.usage, code: 'usage', message, hint });
}

/** Asks on the terminal without echo (SC-24), also when stdin and stdout are pipes. */
async function ask(io: Io, message: string, otherwise: string): Promise<string> {
  const terminal = io.openTerminal();
  if (terminal === undefined) throw usage(`there is no terminal to ask for the ${message}`, otherwise);
  try {
    const answer = await password({ message, input: terminal.input, output: terminal.output, signal: io.interrupted });
    if (!isCancel(answer)) return answer ?? '';
  } finally {
    terminal.close();
  }
  throw new Failure({
    exit: exitCodes.failure,
    code: 'cancelled',
    message: 'cancelled',
    hint: 'nothing was changed',
  });
}

function text(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw usage(`${name} is not UTF-8 text`, 'save it as UTF-8');
  }
}

/** Where an invite comes from: `-` is stdin (or a prompt without echo), `@path` a file, the rest is the invite. */
export async function readInvite(io: Io, reporter: Reporter, source: string): Promise<string> {
  if (source === '-' && io.stdin.isTTY === true) return ask(io, 'invite', 'pipe the invite into the command');
  if (source === '-') return text(await readInput(io, INVITE_BYTES_MAX), 'the standard input').trim();
  if (source.startsWith('@')) return text(readFile(source.slice(1), INVITE_BYTES_MAX).bytes, source.slice(1)).trim();
  reporter.warning(
    { type: 'warning', code: 'invite-in-arguments' },
    'other users of this machine can see arguments, and the shell keeps them; next time use: pair --join -',
  );
  return source.trim();
}

function checkPassphrase(passphrase: string): string {
  if (passphrase.normalize('NFKC') !== '') return passphrase;
  throw usage('the passphrase is empty', 'choose one, or leave --passphrase away');
}

/** `-` is stdin, anything else a file. One line break at the end does not belong to the secret. */
async function secretFrom(io: Io, reporter: Reporter, path: string): Promise<string> {
  if (path === '-') return text(await readInput(io, SECRET_BYTES_MAX), 'the standard input').replace(/\r?\n$/, '');
  const { bytes, mode } = readFile(path, SECRET_BYTES_MAX);
  if ((mode & OTHERS) !== 0)
    reporter.warning({ type: 'warning', code: 'open-file', path }, `other users can read ${path}; chmod 600 ${path}`);
  return text(bytes, path).replace(/\r?\n$/, '');
}

const ELSEWHERE = 'give the passphrase with --passphrase-file <path>';

/** A passphrase for a new invite; asked for twice when a person types it. */
export async function newPassphrase(io: Io, reporter: Reporter, file: string | undefined): Promise<string> {
  if (file !== undefined) return checkPassphrase(await secretFrom(io, reporter, file));
  const first = checkPassphrase(await ask(io, 'passphrase', ELSEWHERE));
  if ((await ask(io, 'passphrase again', ELSEWHERE)) === first) return first;
  throw usage('the two passphrases differ', 'run the command again');
}

/** The passphrase that a received invite asks for. */
export async function passphraseOfInvite(io: Io, reporter: Reporter, file: string | undefined): Promise<string> {
  return checkPassphrase(
    file === undefined ? await ask(io, 'passphrase', ELSEWHERE) : await secretFrom(io, reporter, file),
  );
}

/** What a relay wants of who creates a group there; empty when no file is named. SE-13. */
export async function readAccessToken(io: Io, reporter: Reporter, file: string | undefined): Promise<string> {
  return file === undefined ? '' : await secretFrom(io, reporter, file);
}
