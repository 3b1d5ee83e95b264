import { mkdirSync, writeFileSync } from 'node:fs';
import { measureEcho } from './echo.ts';
import { runLoad } from './load-process.ts';
import { cpuMs, residentMb } from './process-usage.ts';
import { rawSqliteRowsPerSecond } from './raw-sqlite.ts';
import { type BenchRelay, startRelay } from './relay-process.ts';
import { quantile, rounded } from './statistics.ts';

const LOAD_PROCESSES = 2;
const RAW_BATCHES = [1, 16, 64, 256, 1024] as const;

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

async function pushPhase(relay: BenchRelay, connections: number, window: number, envelopes: number) {
  const processes = Math.min(LOAD_PROCESSES, connections);
  const tasks = Array.from({ length: processes }, () => ({
    kind: 'push' as const,
    connections: connections / processes,
    window,
    envelopes: Math.ceil(envelopes / connections),
  }));
  let cpu = 0;
  const before = parseMetrics(await relay.metrics());
  const load = await runLoad(relay.address, tasks, {
    started: () => {
      cpu = cpuMs(relay.pid);
    },
    finished: () => {
      cpu = cpuMs(relay.pid) - cpu;
    },
  });
  const after = parseMetrics(await relay.metrics());
  return {
    acked_per_s: rounded(load.operations / load.seconds),
    ack_p50_ms: rounded(quantile(load.latencies, 0.5)),
    ack_p99_ms: rounded(quantile(load.latencies, 0.99)),
    relay_cpu_us_per_msg: rounded((cpu * 1000) / load.operations),
    mean_batch: rounded(meanBatch(before, after)),
    event_loop_p99_ms: rounded((after.get('nodejs_eventloop_lag_p99_seconds') ?? Number.NaN) * 1000),
  };
}

async function handshakePhase(relay: BenchRelay) {
  const connections = 150;
  let cpu = 0;
  const tasks = Array.from({ length: LOAD_PROCESSES }, () => ({ kind: 'connect' as const, connections }));
  const load = await runLoad(relay.address, tasks, {
    started: () => {
      cpu = cpuMs(relay.pid);
    },
    finished: () => {
      cpu = cpuMs(relay.pid) - cpu;
    },
  });
  return {
    handshake_relay_cpu_ms: rounded(cpu / load.operations),
    handshakes_per_s: rounded(load.operations / load.seconds),
  };
}

async function memoryPhase(relay: BenchRelay): Promise<number> {
  let resident = 0;
  const tasks = Array.from({ length: 4 }, () => ({ kind: 'hold' as const, connections: 125 }));
  await runLoad(relay.address, tasks, {
    started: () => {
      resident = residentMb(relay.pid);
    },
  });
  return rounded(resident);
}

const progress = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

progress('raw SQLite');
const raw = Object.fromEntries(RAW_BATCHES.map((batch) => [batch, rounded(rawSqliteRowsPerSecond(batch))]));
progress('bare QUIC echo');
const echo = await measureEcho();
const relay = await startRelay();
try {
  progress('1 x 1');
  const single = await pushPhase(relay, 1, 1, 2000);
  progress('1 x 64');
  const pipelined = await pushPhase(relay, 1, 64, 40_000);
  progress('50 x 16');
  const many = await pushPhase(relay, 50, 16, 120_000);
  progress('delivery');
  const delivery = await runLoad(relay.address, [{ kind: 'deliver', messages: 500, perSecond: 50 }]);
  progress('handshakes');
  const handshakes = await handshakePhase(relay);
  progress('500 connections');
  const relay_rss_mb = await memoryPhase(relay);
  const equal = RAW_BATCHES.findLast((batch) => batch <= Math.max(1, many.mean_batch)) ?? 64;
  const raw_sqlite_per_s = raw[equal] ?? Number.NaN;
  const { mean_batch, ...headline } = many;
  const result = {
    ...headline,
    raw_sqlite_per_s,
    raw_sqlite_batch: equal,
    ratio: rounded(many.acked_per_s / raw_sqlite_per_s),
    mean_batch,
    deliver_p50_ms: rounded(quantile(delivery.latencies, 0.5)),
    deliver_p99_ms: rounded(quantile(delivery.latencies, 0.99)),
    ...handshakes,
    relay_rss_mb,
    raw_sqlite_by_batch: raw,
    quic_echo: echo,
    phases: { '1x1': single, '1x64': pipelined, '50x16': many },
  };
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('latest.json', folder), `${JSON.stringify(result, null, 2)}\n`);
  console.table(result.phases);
  console.table(Object.fromEntries(Object.entries(result).filter(([, value]) => typeof value === 'number')));
  console.table({ 'raw SQLite rows/s by batch': raw, 'bare QUIC echo': echo });
} finally {
  await relay.stop();
}
