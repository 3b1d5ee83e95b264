import { type ChildProcess, spawn } from 'node:child_process';

/** Longest wait from the exit to the end of the output, which a process outside the group may hold open, ms. */
const DRAIN_MS = 250;
/** The end of stderr that reports show. */
const STDERR_TAIL_BYTES = 64 * 1024;

/** The events of a child process. */
export interface ChildListener {
  /** Bytes of stdout, in order. */
  readonly output: (chunk: Uint8Array) => void;
  /** Called when stderr exceeds its bound. */
  readonly flood: () => void;
  /** Called when the process is gone and its stdout is read. `code` is its status, null when `signal` killed it. */
  readonly ended: (code: number | null, signal: NodeJS.Signals | null) => void;
  /** Called when the process could not be started. */
  readonly failed: (error: Error) => void;
}

/** The bound of stderr, bytes, and the listener. */
export interface ChildOptions {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly stderrBytesMax: number;
}

const living = new Set<Child>();
process.on('exit', () => {
  for (const child of living) child.kill();
});

/** A process with its own process group, so that what it started ends with it. */
export class Child {
  readonly #process: ChildProcess;
  readonly #stderr: Uint8Array[] = [];
  #stderrBytes = 0;

  constructor(command: readonly string[], options: ChildOptions, listener: ChildListener) {
    const [file = '', ...args] = command;
    this.#process = spawn(file, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    living.add(this);
    const { stdin, stdout, stderr } = this.#process;
    // A pipe that its reader has closed: the exit that follows tells the reason.
    stdin?.on('error', () => undefined);
    stdout?.on('data', listener.output);
    stderr?.on('data', (chunk: Uint8Array) => {
      if (this.#stderrBytes > options.stderrBytesMax) return;
      this.#stderr.push(chunk);
      this.#stderrBytes += chunk.length;
      if (this.#stderrBytes > options.stderrBytesMax) listener.flood();
    });
    this.#process.on('error', (error) => {
      living.delete(this);
      listener.failed(error);
    });
    let drained: NodeJS.Timeout | undefined;
    this.#process.on('exit', () => {
      // Processes that it left in its group would keep the pipes open.
      this.kill();
      drained = setTimeout(() => this.#abandonOutput(), DRAIN_MS);
    });
    this.#process.on('close', (code, signal) => {
      clearTimeout(drained);
      living.delete(this);
      listener.ended(code, signal);
    });
  }

  /** The last 64 KiB of stderr. */
  get stderr(): string {
    return Buffer.concat(this.#stderr).subarray(-STDERR_TAIL_BYTES).toString('utf8');
  }

  /** All of stderr, up to the bytes that were agreed. */
  get wholeStderr(): Uint8Array {
    return Buffer.concat(this.#stderr);
  }

  write(line: string): void {
    this.#process.stdin?.write(line);
  }

  endInput(): void {
    this.#process.stdin?.end();
  }

  /** Stops waiting for the output. One more turn reads what the process itself left in the pipe, however late the timer is. */
  #abandonOutput(): void {
    setImmediate(() => {
      this.#process.stdout?.destroy();
      this.#process.stderr?.destroy();
    });
  }

  /** SIGKILL to the whole group. */
  kill(): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }
}
