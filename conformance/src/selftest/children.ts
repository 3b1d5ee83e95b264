import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Level } from '../model.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/0k-conformance.js', import.meta.url));

/** The options of the command line that each level gets. */
export interface ChildOptions {
  readonly only: readonly string[];
  readonly seed: string;
  readonly deadline: number;
  readonly startDeadline: number;
}

interface Output {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** The end of a level: its exit code, and what it wrote to stderr. */
interface Ended {
  readonly exit: number;
  readonly complained: Buffer;
}

function argumentsOf(level: Level, { only, seed, deadline, startDeadline }: ChildOptions): string[] {
  const times = ['--deadline', String(deadline), '--start-deadline', String(startDeadline)];
  return ['selftest', '--level', level, '--seed', seed, ...times, ...only.flatMap((fault) => ['--only', fault])];
}

/** Runs one level to its end. It shows its tables then, so that levels do not mix. */
async function runLevel(level: Level, options: ChildOptions, { stdout }: Output): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...argumentsOf(level, options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complained, [exit]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  stdout.write(said);
  return { exit: exit ?? exitCodes.selfCheck, complained };
}

/** Runs the self-test of several levels at once. The last lines are the verdicts of all levels, with what is wrong. */
export async function runLevels(levels: readonly Level[], options: ChildOptions, output: Output): Promise<ExitCode> {
  const ends = await Promise.all(levels.map((level) => runLevel(level, options, output)));
  for (const { complained } of ends) output.stderr.write(complained);
  return ends.every(({ exit }) => exit === exitCodes.conformant) ? exitCodes.conformant : exitCodes.selfCheck;
}
