import { printable } from '../report/escape.ts';

/** What commands write to; a test passes its own. */
export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
}

/** A line for a person, without what would steer the terminal. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${printable(line)}\n`);
}

/** An error: one sentence, and what to do about it. */
export function complain(io: Io, message: string, hint: string): void {
  say(io, `error: ${message}\nhint: ${hint}`);
}
