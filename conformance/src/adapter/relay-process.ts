import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../bin/0k-relay.js', import.meta.resolve('@0k-sync/relay')));
/** The line that says where it listens and what it is known by. */
const READY = /^relay (?<nodeId>[a-z0-9]+)\.(?<kemHash>[a-z0-9]+)@(?<host>[^:]+):(?<port>\d+)$/;

/** The relay's program, running. Its log goes to this process's stderr. */
export class RelayProcess {
  readonly #child: ChildProcess;
  /** z-base-32. */
  readonly nodeId: string;
  readonly kemHash: string;
  readonly host: string;
  readonly port: number;

  private constructor(child: ChildProcess, pin: Readonly<Record<string, string>>) {
    this.#child = child;
    this.nodeId = pin['nodeId'] ?? '';
    this.kemHash = pin['kemHash'] ?? '';
    this.host = pin['host'] ?? '';
    this.port = Number(pin['port']);
  }

  /** Rejects when it ends before it listens. */
  static async start(config: string): Promise<RelayProcess> {
    const child = spawn(process.execPath, [...process.execArgv, PROGRAM, '--config', config], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) {
      const pin = READY.exec(line)?.groups;
      if (pin !== undefined) return new RelayProcess(child, pin);
    }
    throw new Error('the relay ended before it listened');
  }

  /** Ends it with a signal, and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }
}
