import { writeFile } from 'node:fs/promises';
import { writeBundle } from '../report/bundle.ts';
import { replayOf } from '../report/replay-file.ts';
import { writeReport } from '../report/report.ts';
import { demandEmptyDirectory, demandWritable, unwritable } from '../report/writable.ts';
import type { Run } from '../run/run.ts';
import { type Io, say } from './io.ts';
import type { RunOptions } from './options.ts';

/** One thing that a run leaves behind. */
export interface Output {
  /** Asked before the run, so that none is thrown away. Throws `SuiteError`. */
  readonly check: () => Promise<void>;
  /** Throws `SuiteError` when it cannot be written after all. */
  readonly write: (run: Run) => Promise<void>;
}

async function writeRecording(io: Io, run: Run, path: string): Promise<void> {
  const file = replayOf(run, run.results);
  await writeFile(path, `${JSON.stringify(file)}\n`).catch((error: Error) => {
    throw unwritable('the recording', error);
  });
  say(io, `${file.requests.length} requests of ${file.tests.length} tests in ${path}`);
}

/** What the options ask for; TAP on stdout unless something else goes there. */
export function outputsOf(io: Io, { report, quiet, bundle, record }: RunOptions): Output[] {
  const isTaken = quiet || report.some(({ path }) => path === '-');
  const reports = isTaken ? report : [{ format: 'tap', path: '-' }, ...report];
  const outputs: Output[] = reports.map((target) => ({
    check: () => demandWritable('the report', target.path),
    write: (run) => writeReport(run, target, io.stdout),
  }));
  if (record !== undefined)
    outputs.push({
      check: () => demandWritable('the recording', record),
      write: (run) => writeRecording(io, run, record),
    });
  if (bundle !== undefined)
    outputs.push({
      check: () => demandEmptyDirectory('the bundle', bundle),
      write: (run) => writeBundle(run, bundle),
    });
  return outputs;
}
