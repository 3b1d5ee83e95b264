import { quantile } from '../bench/statistics.ts';
import type { Measured } from './measure.ts';

/** The memory that strangers may take of a relay, MB above idle. */
const [PEAK_MB, AFTERWARDS_MB] = [200, 50] as const;
/** Memory depends a little on when V8 collects garbage, and so on the machine: 52 to 167 MB were seen at load 10 to 20. */
const MARGIN = 1.25;
/** The latency that a quiet device is promised on two quiet cores, ms. */
const P95_MS = 50;
const WORST_MS = 300;

const HEADINGS = [
  'finding',
  'attack',
  'p50',
  'p95',
  'worst',
  'p95 alone',
  'connects',
  'failed',
  'lost',
  'peak',
  'after',
];
const LIMITS = ['', 'limit', '', `${P95_MS}`, `${WORST_MS}`, '', '', '0', '0', `${PEAK_MB} MB`, `${AFTERWARDS_MB} MB`];

/** One line for each attack, with the limits above. Times are in ms, memory in MB above idle. */
export function table(all: readonly Measured[]): string {
  const rows = [HEADINGS, LIMITS, ...all.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The limits that were broken and that no busy machine can break: failures, losses, and a quarter more memory. Times are figures only. */
export function broken({ attack, beside, peakMb, afterwardsMb, lost }: Measured): string[] {
  const all = [
    ...beside.failures.filter(isNotLate).map((failure) => `the quiet device failed: ${failure}`),
    ...(lost > 0 ? [`${lost} acknowledged envelopes are lost`] : []),
    ...(attack.takesMemory && peakMb > PEAK_MB * MARGIN ? [`the relay took ${mb(peakMb)} MB`] : []),
    ...(attack.takesMemory && afterwardsMb > AFTERWARDS_MB * MARGIN ? [`the relay kept ${mb(afterwardsMb)} MB`] : []),
  ];
  return all.map((what) => `${attack.finding}, ${attack.title}: ${what}`);
}

function cells({ attack, alone, beside, peakMb, afterwardsMb, lost }: Measured): string[] {
  return [
    attack.finding,
    attack.title,
    ms(quantile(beside.latencies, 0.5)),
    ms(quantile(beside.latencies, 0.95)),
    ms(Math.max(...beside.latencies)),
    ms(quantile(alone.latencies, 0.95)),
    `${beside.connects.length} in ${ms(Math.max(...beside.connects))}`,
    `${beside.failures.length}`,
    `${lost}`,
    mb(peakMb),
    attack.takesMemory ? mb(afterwardsMb) : '',
  ];
}

function ms(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : '–';
}

function mb(value: number): string {
  return value.toFixed(0);
}

/** A deadline that passed says how busy the machine is, as the times do. */
function isNotLate(failure: string): boolean {
  return !/closed with 2007|TimedOut|did not answer/.test(failure);
}
