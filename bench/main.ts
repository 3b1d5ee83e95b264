import { mkdirSync, writeFileSync } from 'node:fs';
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
  const single = await pushPhase(relay, 1, 1, 2000);
  progress('1 x 64');
  const pipelined = await pushPhase(relay, 1, 64, 40_000);
  progress('50 x 16');
  const many = await pushPhase(relay, 50, 16, 120_000);
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
    phases: { '1x1': single, '1x64': pipelined, '50x16': many },
  };
});
mkdirSync(RESULTS, { recursive: true });
writeFileSync(new URL('latest.json', RESULTS), `${JSON.stringify(result, null, 2)}\n`);
console.table(result.phases);
console.table(Object.fromEntries(Object.entries(result).filter(([, value]) => typeof value === 'number')));
console.table({ 'raw SQLite rows/s by batch': raw, 'bare QUIC echo': echo });
