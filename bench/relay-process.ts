import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import type { Address } from '@0k-sync/transport';

const RELAY = fileURLToPath(new URL('../relay/bin/0k-relay.js', import.meta.url));
const READY_SECONDS = 30;
/** NODE_OPTIONS of the relay alone, to profile it: see README.md. */
const NODE_OPTIONS = process.env['BENCH_RELAY_NODE'] ?? '';

/** A relay process under load: its address, its metrics, and how to stop it. */
export interface BenchRelay {
  readonly pid: number;
  readonly address: Address;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** A relay process on loopback with a fresh data directory and limits that the load does not reach. */
export async function startRelay(): Promise<BenchRelay> {
  const directory = mkdtempSync(join(tmpdir(), '0k-sync-bench-'));
  const [port, adminPort] = [await freeTcpPort(), await freeTcpPort()];
  const config = join(directory, 'relay.toml');
  writeFileSync(
    config,
    `[server]\naddress = "127.0.0.1"\nport = ${port}\n[http]\nport = ${adminPort}\nrequests_per_minute = 100000\n` +
      `[storage]\ndirectory = "${join(directory, 'data')}"\n[groups]\ncreated_per_hour_per_address = 0\n` +
      '[limits]\noperations_per_second_per_address = 0\noperations_per_second_per_group = 0\n' +
      'operations_per_second_per_device = 0\nconnections_per_address_per_second = 0\n[log]\nlevel = "warn"\n',
  );
  // Started as a command, so that the Node options in its first line apply.
  const child = spawn(RELAY, ['--config', config], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // Started as an operator does: a compile cache would count as memory of the relay.
    env: { ...process.env, NODE_OPTIONS, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  const admin = `http://127.0.0.1:${adminPort}`;
  await waitUntilReady(child, `${admin}/ready`);
  return {
    pid: child.pid ?? 0,
    address: { host: '127.0.0.1', port },
    metrics: async () => (await fetch(`${admin}/metrics`)).text(),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs one measurement with a relay of its own. */
export async function withRelay<Result>(measure: (relay: BenchRelay) => Promise<Result>): Promise<Result> {
  const relay = await startRelay();
  try {
    return await measure(relay);
  } finally {
    await relay.stop();
  }
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  const until = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the relay ended with ${child.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the relay was not ready after ${READY_SECONDS} s`);
}
