import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Report, Task } from './device.ts';

const PROGRAM = fileURLToPath(new URL('device.ts', import.meta.url));

/** Variables of the environment of each life. */
export type Environment = Readonly<Record<string, string>>;

/** Runs one life of a device. Resolves with its report, or undefined when it was killed at that step; 0 kills it never. */
export async function live(
  folder: string,
  task: Task,
  environment: Environment,
  killAt = 0,
): Promise<Report | undefined> {
  const args = ['--conditions=@0k-sync/source', PROGRAM, folder, JSON.stringify(task)];
  const env = { ...process.env, ...environment, KILL_AT: String(killAt) };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  if (signal === 'SIGKILL' && killAt > 0) return undefined;
  if (code !== 0) throw new Error(`${folder} ended with ${code ?? signal}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A life that nothing ends early. */
export async function liveWhole(folder: string, task: Task, environment: Environment): Promise<Report> {
  const report = await live(folder, task, environment);
  if (report === undefined) throw new Error(`${folder} was killed`);
  return report;
}
