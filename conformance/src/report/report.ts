import { writeFile } from 'node:fs/promises';
import { exitCodes } from '../run/exit.ts';
import type { Run } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { html } from './html.ts';
import { json, ndjson } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { tap } from './tap.ts';
import { unwritable } from './writable.ts';

/** Each turns a run into the text of a file. */
export const formats: Readonly<Record<string, (run: Run) => string>> = { tap, junit, ndjson, json, markdown, html };

/** A report format and the file that it goes to; `-` is stdout. */
export interface ReportTarget {
  readonly format: string;
  /** A path; `-` is stdout. */
  readonly path: string;
}

/** Reads `tap=FILE`, or `tap` for stdout. Throws `SuiteError` for a format that does not exist. */
export function parseReport(text: string): ReportTarget {
  const [format = '', ...rest] = text.split('=');
  if (!Object.hasOwn(formats, format))
    throw new SuiteError(
      `there is no report format ${format}`,
      `write --report FORMAT=FILE with one of ${Object.keys(formats).join(', ')}`,
      exitCodes.usage,
    );
  return { format, path: rest.join('=') || '-' };
}

/** Writes one report. Throws `SuiteError` when the file cannot be written. */
export async function writeReport(
  run: Run,
  { format, path }: ReportTarget,
  stdout: NodeJS.WritableStream,
): Promise<void> {
  const text = formats[format]?.(run) ?? '';
  if (path === '-') {
    stdout.write(text);
    return;
  }
  await writeFile(path, text).catch((error: Error) => {
    throw unwritable('the report', error);
  });
}
