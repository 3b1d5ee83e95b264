import type { Readable, Writable } from 'node:stream';
import type { Environment, Output } from './terminal.ts';

/** Standard input; `isTTY` when a person types it. */
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** A terminal to ask a person, apart from stdin and stdout, which may be pipes. */
export interface PromptTerminal {
  readonly input: Readable;
  readonly output: Writable;
  close(): void;
}

/** Everything that the program touches outside its files and relays. main.ts gives the real ones. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output & Writable;
  readonly environment: Environment;
  /** The terminal, or undefined when there is nobody to ask. */
  openTerminal(): PromptTerminal | undefined;
  /** Aborted by SIGINT, SIGTERM or a closed stdout. */
  readonly interrupted: AbortSignal;
}
