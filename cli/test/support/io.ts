import { PassThrough, Readable, Writable } from 'node:stream';
import type { Io, PromptTerminal } from '../../src/io.ts';

/** A stream that keeps what was written. */
export class Captured extends Writable {
  readonly isTTY: boolean;
  readonly columns = 80;
  text = '';

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A terminal where somebody types; everything that it shows is kept. */
export class TypedTerminal implements PromptTerminal {
  readonly input: PassThrough & { isTTY?: boolean; setRawMode?: (raw: boolean) => void };
  readonly output = new Captured(true);
  /** True once the prompt has asked the terminal not to echo. */
  raw = false;
  closed = false;
  readonly #answers: string[];

  constructor(...answers: string[]) {
    this.input = new PassThrough();
    this.input.isTTY = true;
    this.input.setRawMode = (raw) => {
      this.raw ||= raw;
      const answer = raw ? this.#answers.shift() : undefined;
      if (answer !== undefined) setImmediate(() => this.input.write(`${answer}\r`));
    };
    this.#answers = answers;
  }

  close(): void {
    this.closed = true;
  }
}

export interface FakeIo extends Io {
  readonly stdout: Captured;
  readonly stderr: Captured;
}

export interface FakeIoOptions {
  readonly stdin?: string;
  readonly stdinIsTerminal?: boolean;
  readonly terminals?: readonly PromptTerminal[];
  readonly terminal?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The edges of the program without a process; `terminal` makes stdout and stderr terminals. */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const terminals = [...(options.terminals ?? [])];
  const stdin = Readable.from([Buffer.from(options.stdin ?? '')]);
  return {
    stdin: Object.assign(stdin, { isTTY: options.stdinIsTerminal === true }),
    stdout: new Captured(options.terminal),
    stderr: new Captured(options.terminal),
    environment: options.environment ?? {},
    openTerminal: () => terminals.shift(),
    interrupted: new AbortController().signal,
  };
}
