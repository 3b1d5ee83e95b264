import { mkdirSync, writeFileSync } from 'node:fs';
import { withRelay } from '../relay-process.ts';
import { type ClientFigures, clientPhases } from './phases.ts';

const RESULTS = new URL('../results/', import.meta.url);

/** Prints the client's figures, and writes them to `results/client.json`. */
export function reportClient(figures: ClientFigures): void {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL('client.json', RESULTS), `${JSON.stringify(figures, null, 2)}\n`);
  console.table(figures.phases);
  console.table({ 'raw SQLite rows/s by batch': figures.raw });
  console.table({ ratio: figures.ratios });
}

if (import.meta.main) {
  const progress = (text: string) => void process.stderr.write(`bench: ${text}\n`);
  reportClient(await withRelay((relay) => clientPhases(relay, progress, process.argv[2])));
}
