import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Address } from '@0k-sync/transport';
import type { Test } from 'tap';

const PROGRAM = fileURLToPath(new URL('../../bin/0k-relay.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end. */
export async function runProgram(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...environment } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** A relay program on loopback QUIC with its data in `directory`. */
export class RelayProcess {
  readonly #child: ChildProcess;
  /** `nodeid.kemhash@host:port`. */
  readonly pin: string;
  readonly address: Address;
  readonly #log: string[];

  private constructor(child: ChildProcess, pin: string, log: string[]) {
    this.#child = child;
    this.pin = pin;
    this.#log = log;
    const at = pin.lastIndexOf(':');
    this.address = { host: pin.slice(pin.indexOf('@') + 1, at), port: Number(pin.slice(at + 1)) };
  }

  /**
   * Starts the program; the end of the test kills it at the latest.
   * @param sections TOML that follows the sections server and storage
   * @param server further lines of the section server
   */
  static async start(
    t: Test,
    directory: string,
    sections = '',
    port = 0,
    server = '',
    environment: Record<string, string> = {},
  ): Promise<RelayProcess> {
    const config = join(directory, 'relay.toml');
    const storage = JSON.stringify(join(directory, 'data'));
    writeFileSync(
      config,
      `[server]\naddress = "127.0.0.1"\nport = ${port}\ndrain_ms = 1000\n${server}\n[storage]\ndirectory = ${storage}\n${sections}`,
    );
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [PROGRAM, '--config', config], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    t.teardown(() => child.kill('SIGKILL'));
    const log: string[] = [];
    createInterface(child.stderr).on('line', (line) => log.push(line));
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('relay ')) return new RelayProcess(child, line.slice('relay '.length), log);
    }
    throw new Error(`the relay did not start: ${log.join('\n')}`);
  }

  /** The lines of its log so far. */
  get log(): readonly string[] {
    return this.#log;
  }

  signal(signal: 'SIGHUP' | 'SIGUSR1'): void {
    this.#child.kill(signal);
  }

  /** Ends the program. @returns its exit code, null when a signal ended it */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const closed = once(this.#child, 'close');
    this.#child.kill(signal);
    const [code] = await closed;
    return code;
  }
}
