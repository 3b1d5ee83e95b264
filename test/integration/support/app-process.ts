import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { Answer, Command } from '../fixtures/app.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/app.ts', import.meta.url));

/** An app in a process of its own. */
export class AppProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** Starts an app; it is killed with the test. Its first answer says whether its data directory could be opened. */
  constructor(t: Test, dataDir: string, environment: Readonly<Record<string, string>> = {}) {
    const args = ['--conditions=@0k-sync/source', PROGRAM, dataDir];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    t.teardown(() => this.kill());
  }

  /** Resolves with the next line that the app says. */
  async next(): Promise<Answer> {
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error('the app has ended');
    return JSON.parse(value) as Answer;
  }

  /** Sends a command; `next` has its answer. */
  send(command: Command): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Sends a command, and resolves with the answer. */
  ask(command: Command): Promise<Answer> {
    this.send(command);
    return this.next();
  }

  /** SIGKILL: nothing that was not durable stays. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }
}
