import type { Task } from './load.ts';
import { runLoad } from './load-process.ts';
import { cpuMs, residentMb, threadCpuMs } from './process-usage.ts';
import { type BenchRelay, withRelay } from './relay-process.ts';
import { quantile, rounded } from './statistics.ts';

const LOAD_PROCESSES = 2;
/** The relay samples the delay of its loop this often and counts the pause itself. */
const LOOP_SAMPLE_MS = 10;

/** Gauges and histograms of /metrics as numbers, by name and labels. */
function parseMetrics(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

/** Mean items of a transaction between two readings of the batch histogram; NaN when there is none. */
function meanBatch(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  const grown = (suffix: string): number => {
    const name = [...after.keys()].find((key) => key.includes('batch') && key.endsWith(suffix)) ?? '';
    return (after.get(name) ?? Number.NaN) - (before.get(name) ?? 0);
  };
  return grown('_sum') / grown('_count');
}

/** Runs a load; with the processor time that the relay and each of its threads took meanwhile, ms. */
async function measured(relay: BenchRelay, tasks: readonly Task[]) {
  let cpu = 0;
  let threads: Record<string, number> = {};
  const load = await runLoad(relay.address, tasks, {
    started: () => {
      cpu = cpuMs(relay.pid);
      threads = threadCpuMs(relay.pid);
    },
    finished: () => {
      cpu = cpuMs(relay.pid) - cpu;
      const after = threadCpuMs(relay.pid);
      threads = Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (threads[name] ?? 0)]));
    },
  });
  return { load, cpu, threads };
}

function byThread(threads: Record<string, number>, share: (ms: number) => number): Record<string, number> {
  const shares = Object.entries(threads).map(([name, ms]) => [name, share(ms)] as const);
  return Object.fromEntries(shares.filter(([, value]) => value >= 0.01));
}

/** A load of pushes. */
export interface PushLoad {
  readonly connections: number;
  /** Pushes in flight of each connection. */
  readonly window: number;
  /** Envelopes of each Push; 1 by default. */
  readonly items?: number;
  /** Envelopes in all. */
  readonly envelopes: number;
}

/** Pushes at full speed; the figures are per envelope, latencies per Push. */
export async function pushPhase(relay: BenchRelay, { connections, window, items = 1, envelopes }: PushLoad) {
  const processes = Math.min(LOAD_PROCESSES, connections);
  const tasks = Array.from({ length: processes }, () => ({
    kind: 'push' as const,
    connections: connections / processes,
    window,
    items,
    pushes: Math.ceil(envelopes / connections / items),
  }));
  const before = parseMetrics(await relay.metrics());
  const { load, cpu, threads } = await measured(relay, tasks);
  const after = parseMetrics(await relay.metrics());
  const perMessage = (ms: number): number => rounded((ms * 1000) / load.operations);
  return {
    acked_per_s: rounded(load.operations / load.seconds),
    ack_p50_ms: rounded(quantile(load.latencies, 0.5)),
    ack_p99_ms: rounded(quantile(load.latencies, 0.99)),
    relay_cpu_us_per_msg: perMessage(cpu),
    load_cpu_us_per_msg: perMessage(load.cpuMs),
    mean_batch: rounded(meanBatch(before, after)),
    event_loop_p99_ms: rounded((after.get('nodejs_eventloop_lag_p99_seconds') ?? Number.NaN) * 1000 - LOOP_SAMPLE_MS),
    relay_threads_us_per_msg: byThread(threads, perMessage),
  };
}

/** Measures the time from a push to its delivery at another device. */
export async function deliveryPhase(relay: BenchRelay) {
  const load = await runLoad(relay.address, [{ kind: 'deliver', messages: 500, perSecond: 50 }]);
  return {
    deliver_p50_ms: rounded(quantile(load.latencies, 0.5)),
    deliver_p99_ms: rounded(quantile(load.latencies, 0.99)),
  };
}

/** Connections up to HelloAck, one after the other in each process, closed at once. */
export async function handshakePhase(relay: BenchRelay) {
  const connections = 150;
  const tasks = Array.from({ length: LOAD_PROCESSES }, () => ({ kind: 'connect' as const, connections }));
  const { load, cpu, threads } = await measured(relay, tasks);
  const perHandshake = (ms: number): number => rounded(ms / load.operations);
  return {
    handshake_relay_cpu_ms: perHandshake(cpu),
    handshake_load_cpu_ms: perHandshake(load.cpuMs),
    handshake_p50_ms: rounded(quantile(load.latencies, 0.5)),
    handshakes_per_s: rounded(load.operations / load.seconds),
    relay_threads_ms_per_handshake: byThread(threads, perHandshake),
  };
}

/** Resident memory of a relay with 500 sessions open, MB. */
export async function memoryPhase(relay: BenchRelay): Promise<number> {
  let resident = 0;
  const tasks = Array.from({ length: 4 }, () => ({ kind: 'hold' as const, connections: 125 }));
  await runLoad(relay.address, tasks, {
    started: () => {
      resident = residentMb(relay.pid);
    },
  });
  return rounded(resident);
}

/** The same of a relay that did nothing before, and what it takes with no session at all. */
export function freshMemoryPhase() {
  return withRelay(async (relay) => {
    const idle = rounded(residentMb(relay.pid));
    return { idle, sessions500: await memoryPhase(relay) };
  });
}
