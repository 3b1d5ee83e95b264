// Sends seeded frames, well formed and malformed, to a relay process and to each client. Arguments: frames, seed, one of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fuzzRelay } from '@0k-sync/testkit/fuzz';
import { residentMb } from '../bench/process-usage.ts';
import { withRelay } from '../bench/relay-process.ts';
import { fuzzClient } from '../conformance/src/fuzz/fuzz-client.ts';
import { Adapter } from '../conformance/src/zkcp/adapter.ts';
import { dial } from './stranger.ts';

const CLIENTS = ['typescript', 'python', 'rust'];
const START_MS = 600_000;
const [frames, seed, only] = [
  Number(process.argv[2] ?? 10_000),
  Number(process.argv[3] ?? 1),
  process.argv[4] || 'all',
];
if (!['all', 'relay', ...CLIENTS].includes(only)) throw new TypeError(`nothing is called ${only}`);

if (only === 'all' || only === 'relay') await fuzzRelayProcess();
for (const name of CLIENTS) if (only === 'all' || only === name) await fuzzImplementation(name);

async function fuzzRelayProcess(): Promise<void> {
  await withRelay(async ({ address, pid }) => {
    const deps = { connect: () => dial(address), residentBytes: () => residentMb(pid) * 1e6 };
    const { served, residentBytes } = await fuzzRelay({ seed, frames }, deps);
    const mb = ((residentBytes.most - residentBytes.first) / 1e6).toFixed(0);
    console.log(
      `relay: ${frames} frames of seed ${seed}; an honest device was served ${served} times; memory grew by ${mb} MB`,
    );
  });
}

async function fuzzImplementation(name: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), '0k-fuzz-'));
  const path = fileURLToPath(new URL(`../conformance/implementations/${name}/adapter`, import.meta.url));
  const adapter = await Adapter.start([path], { startDeadlineMs: START_MS });
  try {
    await fuzzClient({ seed: `${seed}`, frames, adapter, directory: () => mkdtemp(join(root, 'device-')) });
    console.log(`${name}: ${frames} frames of seed ${seed}; it synced with an honest relay afterwards`);
  } finally {
    await adapter.stop();
    await rm(root, { recursive: true, force: true });
  }
}
