import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();

/** Starts a process that never outlives this one. */
export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  child.once('close', () => running.delete(child));
  // A failed start without a listener would end this program; the caller that waits for the process sees it end.
  child.on('error', () => running.delete(child));
  return child;
}

/** Sends a signal and waits until the process is gone. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Kills every process that still runs, and resolves when all are gone. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => stop(child, 'SIGKILL')));
}

/** Kills every process synchronously, for the end of the program; waits for none. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Rejects with `what` when the promise takes longer. */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: nothing for ${milliseconds / 1000} s`)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
