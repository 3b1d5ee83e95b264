import type { ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeTcpPort, freeUdpPort } from '@0k-sync/testkit/ports';
import { start, stop, within } from './children.ts';

/** The relay of this tree, run from its sources. */
const PROGRAM = fileURLToPath(new URL('../../relay/bin/0k-relay.js', import.meta.url));
const START_MS = 120_000;
const POLL_MS = 25;

/** A relay program of its own: QUIC and its admin port on loopback, its data and logs in one directory. */
export class RelayProcess {
  /** Holds the configuration, the database, the key and the logs. */
  readonly directory: string;
  /** `127.0.0.1:port` of the QUIC data plane, the same after a restart. */
  readonly address: string;
  /** Number of restarts so far. */
  restarts = 0;
  readonly #ready: string;
  readonly #program: string;
  #child: ChildProcess | undefined;

  private constructor(directory: string, port: number, adminPort: number, program: string) {
    this.directory = directory;
    this.address = `127.0.0.1:${port}`;
    this.#program = program;
    this.#ready = `http://127.0.0.1:${adminPort}/ready`;
  }

  /** `sections` is TOML that follows the sections server, http and storage. `program` is the script to run. */
  static async start(directory: string, sections = '', program = PROGRAM): Promise<RelayProcess> {
    const [port, adminPort] = [await freeUdpPort(), await freeTcpPort()];
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'relay.toml'), configuration(directory, port, adminPort) + sections);
    const relay = new RelayProcess(directory, port, adminPort, program);
    await relay.#launch();
    return relay;
  }

  /** Process id, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Sends SIGKILL, which leaves no time to write, as a power cut. */
  async kill(): Promise<void> {
    if (this.#child !== undefined) await stop(this.#child, 'SIGKILL');
  }

  /** Sends SIGTERM, as an operator does: the relay tells its sessions and closes the database. */
  async terminate(): Promise<void> {
    if (this.#child !== undefined) await stop(this.#child, 'SIGTERM');
  }

  /** Starts the same program on the same directory and port. */
  async restart(): Promise<void> {
    await this.#launch();
    this.restarts += 1;
  }

  async #launch(): Promise<void> {
    const log = createWriteStream(join(this.directory, 'output.log'), { flags: 'a' });
    const child = start(process.execPath, [this.#program, '--config', join(this.directory, 'relay.toml')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.stderr?.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-2000);
    });
    child.once('close', () => log.end());
    this.#child = child;
    const gone = new Promise<never>((_resolve, reject) =>
      child.once('close', () => reject(new Error(`the relay did not start: ${complaint.trim()}`))),
    );
    gone.catch(() => undefined);
    await within(START_MS, 'the relay does not become ready', Promise.race([this.#untilReady(child), gone]));
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    while (child.exitCode === null && child.signalCode === null) {
      const answer = await fetch(this.#ready).catch(() => undefined);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function configuration(directory: string, port: number, adminPort: number): string {
  return `[server]
address = "127.0.0.1"
port = ${port}
drain_ms = 500

[http]
address = "127.0.0.1"
port = ${adminPort}
requests_per_minute = 100000

[storage]
directory = ${JSON.stringify(join(directory, 'data'))}
`;
}
