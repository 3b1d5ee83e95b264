import { writeBundle } from '../report/bundle.ts';
import { writeReport } from '../report/report.ts';
import { demandEmptyDirectory, demandWritable } from '../report/writable.ts';
import type { Run } from '../run/run.ts';
import type { Io } from './io.ts';
import type { RunOptions } from './options.ts';

/** One thing that a run leaves behind. */
export interface Output {
  /** Asked before the run, so that none is thrown away. Throws `SuiteError`. */
  readonly check: () => Promise<void>;
  /** Throws `SuiteError` when it cannot be written after all. */
  readonly write: (run: Run) => Promise<void>;
}

/** What the options ask for; TAP on stdout unless something else goes there. */
export function outputsOf(io: Io, { report, quiet, bundle }: RunOptions): Output[] {
  const isTaken = quiet || report.some(({ path }) => path === '-');
  const reports = isTaken ? report : [{ format: 'tap', path: '-' }, ...report];
  const outputs: Output[] = reports.map((target) => ({
    check: () => demandWritable('the report', target.path),
    write: (run) => writeReport(run, target, io.stdout),
  }));
  if (bundle !== undefined)
    outputs.push({
      check: () => demandEmptyDirectory('the bundle', bundle),
      write: (run) => writeBundle(run, bundle),
    });
  return outputs;
}
