import { writeFile } from 'node:fs/promises';
import { writeBundle } from '../report/bundle.ts';
import { replayOf } from '../report/replay-file.ts';
import { writeReport } from '../report/report.ts';
import { demandEmptyDirectory, demandWritable, unwritable } from '../report/writable.ts';
import type { Run } from '../run/run.ts';
import { type Io, say } from './io.ts';
import type { RunOptions } from './options.ts';

/** One output of a run. */
export interface Output {
  /** Checks before the run that the output can be written, so that no finished run is lost. Throws `SuiteError`. */
  readonly check: () => Promise<void>;
  /** Throws `SuiteError` if the output still cannot be written. */
  readonly write: (run: Run) => Promise<void>;
}

async function writeRecording(io: Io, run: Run, path: string): Promise<void> {
  const file = replayOf(run, run.results);
  await writeFile(path, `${JSON.stringify(file)}\n`).catch((error: Error) => {
    throw unwritable('the recording', error);
  });
  say(io, `${file.requests.length} requests of ${file.tests.length} tests in ${path}`);
}

/** The outputs that the options ask for; TAP on stdout unless another output goes there. */
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
