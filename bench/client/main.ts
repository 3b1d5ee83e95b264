import { mkdirSync, writeFileSync } from 'node:fs';
import { withRelay } from '../relay-process.ts';
import { type ClientFigures, clientPhases } from './phases.ts';

const RESULTS = new URL('../results/', import.meta.url);

/** Writes the client's figures to `results/client.json`, and prints them. */
export function reportClient(figures: ClientFigures): void {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL('client.json', RESULTS), `${JSON.stringify(figures, null, 2)}\n`);
  printClient(figures);
}

function printClient(figures: ClientFigures): void {
  console.table(figures.phases);
  console.table({ 'raw SQLite rows/s by batch': figures.raw });
  console.table({ ratio: figures.ratios });
}

if (import.meta.main) {
  const progress = (text: string) => void process.stderr.write(`bench: ${text}\n`);
  const only = process.argv[2];
  const figures = await withRelay((relay) => clientPhases(relay, progress, only));
  (only === undefined ? reportClient : printClient)(figures);
}
