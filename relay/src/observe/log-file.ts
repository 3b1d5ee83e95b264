import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const STDERR = 2;
const FILE_MODE = 0o600;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/**
 * The place of a log: a file, or stderr. A line that cannot be written is lost and counted; it never throws and never
 * waits, because a full disk or a reader that stands still must not stop the relay. RL-76.
 */
export class LogFile {
  readonly #path: string;
  #descriptor: number;
  #lostLines = 0;
  /** True when only the beginning of the last line was written. */
  #isTorn = false;

  /** @param path empty for stderr. Throws the system's error when the file cannot be opened. */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = open(path);
  }

  /** Lines that could not be written so far. */
  get lostLines(): number {
    return this.#lostLines;
  }

  write(line: string): void {
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
      this.#isTorn = false;
    } catch {
      this.#lostLines += 1;
      this.#isTorn ||= written > 0;
    }
  }

  /** Opens the file again by its name, after it was renamed. Returns the error if the old one stays in use. */
  reopen(): Error | undefined {
    if (this.#path === '') return undefined;
    try {
      const before = this.#descriptor;
      this.#descriptor = open(this.#path);
      closeSync(before);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }
}

function open(path: string): number {
  if (path === '') return openStderr();
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, APPEND, FILE_MODE);
}

/** A pipe is opened a second time, so that the flag by which no write waits leaves its other holders alone. */
function openStderr(): number {
  try {
    if (fstatSync(STDERR).isFIFO()) return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {}
  // A socket cannot be opened again. Node sets the flag when it makes its stream.
  void process.stderr.writable;
  return STDERR;
}
