import type { ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { start, stop, within } from './children.ts';
import { JsonLines, type JsonObject } from './lines.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/bin/0k-sync.js', import.meta.url));
const COMMAND_MS = 40_000;

/** The output of a command and its exit code. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `0k-sync` to its end. `input` goes to stdin, which is then closed. */
export async function runProgram(
  args: readonly string[],
  input = '',
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const child = start(process.execPath, [PROGRAM, ...args], {
    stdio: 'pipe',
    env: environment,
    detached: true,
  });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('0k-sync could not be started');
  stdin.on('error', () => undefined).end(input);
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const all = Promise.all([code, text(stdout), text(stderr)]);
  const [ended, out, complaints] = await within(COMMAND_MS, `0k-sync ${args[0]}`, all).finally(() =>
    child.kill('SIGKILL'),
  );
  return { code: ended, stdout: out, stderr: complaints };
}

/** A running `0k-sync watch`. */
export class Watch {
  readonly lines: JsonLines;
  readonly #child: ChildProcess;

  constructor(args: readonly string[]) {
    this.#child = start(process.execPath, [PROGRAM, 'watch', '--json', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('0k-sync watch could not be started');
    this.lines = new JsonLines(stdout);
  }

  /** Resolves with the exit code when it has ended by itself. */
  get ended(): Promise<number | null> {
    const child = this.#child;
    return child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve(child.exitCode)
      : new Promise((resolve) => child.once('exit', resolve));
  }

  /** Closes the reading end of the command's output, as a pipe's reader that goes away. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
  }

  /** Sends SIGINT, as Ctrl-C does. Resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    await stop(this.#child, 'SIGINT');
    return this.#child.exitCode;
  }
}

/** A device: a data directory and the commands that a person would type there. */
export class Device {
  readonly name: string;
  readonly directory: string;

  constructor(name: string, directory: string) {
    this.name = name;
    this.directory = directory;
  }

  /** Runs a command with --json. Returns its lines, or throws an error with its output. */
  async run(args: readonly string[], input = ''): Promise<readonly JsonObject[]> {
    const { code, stdout, stderr } = await runProgram([...args, '--json', '--data-dir', this.directory], input);
    if (code !== 0) throw new Error(`0k-sync ${args.join(' ')} on ${this.name} exited with ${code}: ${stderr.trim()}`);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  watch(): Watch {
    return new Watch(['--data-dir', this.directory]);
  }
}
