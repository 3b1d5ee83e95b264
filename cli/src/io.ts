import type { Readable, Writable } from 'node:stream';
import type { Environment, Output } from './terminal.ts';

/** Standard input; `isTTY` is true when a person types it. */
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** A terminal for questions to a person; stdin and stdout may be pipes. */
export interface PromptTerminal {
  readonly input: Readable;
  readonly output: Writable;
  close(): void;
}

/** The edges of the program besides its files and relays; main.ts gives the real ones. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output & Writable;
  readonly environment: Environment;
  /** Opens the terminal; undefined when there is none. */
  openTerminal(): PromptTerminal | undefined;
  /** Aborted by SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
}
