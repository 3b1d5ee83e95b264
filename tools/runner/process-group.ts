import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const living = new Set<ChildProcess>();

/** Lets a runner that the terminal or a supervisor ends take its test files with it. */
export function endGroupsWithRunner(): void {
  process.on('exit', () => {
    for (const child of living) killGroup(child);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

/** The end of a process: its status, or the signal that ended it. */
export interface GroupEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node process with a process group of its own, which is killed when the process ends or `limit` aborts. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #limit: AbortSignal;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, limit: AbortSignal) {
    this.#child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env });
    this.#limit = limit;
    living.add(this.#child);
  }

  /** Its standard output, and that of what it starts. */
  get output(): NodeJS.ReadableStream {
    const { stdout } = this.#child;
    if (stdout === null) throw new TypeError('the output is a pipe');
    return stdout;
  }

  /** Resolves when nothing of the group is left and the output is read. Call it once. */
  async ended(): Promise<GroupEnd> {
    const kill = () => killGroup(this.#child);
    if (this.#limit.aborted) kill();
    this.#limit.addEventListener('abort', kill);
    // Processes that it has left behind would hold the output open.
    this.#child.once('exit', kill);
    const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null];
    this.#limit.removeEventListener('abort', kill);
    living.delete(this.#child);
    return { code, signal };
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
