import { printable } from '../report/escape.ts';

/** The streams that commands write to; a test passes its own. */
export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
}

/** Writes a line for a person, without control characters of a terminal. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${printable(line)}\n`);
}

/** Writes an error: one sentence and a hint. */
export function complain(io: Io, message: string, hint: string): void {
  say(io, `error: ${message}\nhint: ${hint}`);
}
