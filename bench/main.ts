import { mkdirSync, writeFileSync } from 'node:fs';
import { reportClient } from './client/main.ts';
import { clientPhases } from './client/phases.ts';
import { measureEcho } from './echo.ts';
import { deliveryPhase, freshMemoryPhase, handshakePhase, memoryPhase, pushPhase } from './phases.ts';
import { rawSqliteRowsPerSecond } from './raw-sqlite.ts';
import { withRelay } from './relay-process.ts';
import { rounded } from './statistics.ts';

const RAW_BATCHES = [1, 16, 64, 256, 1024] as const;
const RESULTS = new URL('./results/', import.meta.url);

const progress = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

progress('raw SQLite');
const raw = Object.fromEntries(RAW_BATCHES.map((batch) => [batch, rounded(rawSqliteRowsPerSecond(batch))]));
progress('bare QUIC echo');
const echo = await measureEcho();
progress('500 connections');
const fresh = await freshMemoryPhase();
const result = await withRelay(async (relay) => {
  progress('1 x 1');
  const single = await pushPhase(relay, { connections: 1, window: 1, envelopes: 2000 });
  progress('1 x 64');
  const pipelined = await pushPhase(relay, { connections: 1, window: 64, envelopes: 40_000 });
  progress('50 x 16');
  const many = await pushPhase(relay, { connections: 50, window: 16, envelopes: 120_000 });
  progress('50 x 4 with 16 items per Push');
  const bundled = await pushPhase(relay, { connections: 50, window: 4, items: 16, envelopes: 120_000 });
  progress('200 x 4');
  const crowded = await pushPhase(relay, { connections: 200, window: 4, envelopes: 120_000 });
  progress('delivery');
  const delivery = await deliveryPhase(relay);
  progress('handshakes');
  const handshakes = await handshakePhase(relay);
  progress('500 connections after all that');
  const used = await memoryPhase(relay);
  const equal = RAW_BATCHES.findLast((batch) => batch <= Math.max(1, many.mean_batch)) ?? 64;
  const raw_sqlite_per_s = raw[equal] ?? Number.NaN;
  return {
    acked_per_s: many.acked_per_s,
    ack_p50_ms: many.ack_p50_ms,
    ack_p99_ms: many.ack_p99_ms,
    relay_cpu_us_per_msg: many.relay_cpu_us_per_msg,
    load_cpu_us_per_msg: many.load_cpu_us_per_msg,
    event_loop_p99_ms: many.event_loop_p99_ms,
    raw_sqlite_per_s,
    raw_sqlite_batch: equal,
    ratio: rounded(many.acked_per_s / raw_sqlite_per_s),
    mean_batch: many.mean_batch,
    ...delivery,
    ...handshakes,
    relay_rss_mb: fresh.sessions500,
    relay_rss_idle_mb: fresh.idle,
    relay_rss_used_mb: used,
    raw_sqlite_by_batch: raw,
    quic_echo: echo,
    phases: { '1x1': single, '1x64': pipelined, '50x16': many, '50x4 of 16': bundled, '200x4': crowded },
  };
});
mkdirSync(RESULTS, { recursive: true });
writeFileSync(new URL('latest.json', RESULTS), `${JSON.stringify(result, null, 2)}\n`);
const threads = Object.entries(result.phases).map(([name, { relay_threads_us_per_msg }]) => [
  name,
  relay_threads_us_per_msg,
]);
console.table(
  Object.fromEntries(
    Object.entries(result.phases).map(([name, { relay_threads_us_per_msg: _, ...figures }]) => [name, figures]),
  ),
);
console.log('processor time of the relay by thread, µs per envelope');
console.table(Object.fromEntries(threads));
console.table(Object.fromEntries(Object.entries(result).filter(([, value]) => typeof value === 'number')));
console.table({ 'raw SQLite rows/s by batch': raw, 'bare QUIC echo': echo });
reportClient(await withRelay((relay) => clientPhases(relay, progress)));
