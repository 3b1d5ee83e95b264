import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFailure, type Result } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { printable } from './escape.ts';
import { findings, requirementLines } from './explain.ts';
import { replayOf } from './replay-file.ts';
import { unwritable } from './writable.ts';

/** A directory name for an id: `frame/decode/long?net=loss5` becomes `frame.decode.long_net-loss5`. */
export function bundleName(id: string): string {
  return id
    .replaceAll('/', '.')
    .replaceAll('?', '_')
    .replace(/[^\w.-]/g, '-');
}

/**
 * One directory for each failure: report.txt, zkcp.log (request and answer lines, frames), stderr.txt, and replay.json, which
 * `0k-conformance replay` runs again.
 */
export async function writeBundle(run: Run, dir: string): Promise<void> {
  try {
    for (const result of run.results.filter(isFailure))
      await writeFailure(run, result, join(dir, bundleName(result.test.id)));
  } catch (error) {
    throw unwritable('the bundle', error as Error);
  }
}

async function writeFailure(run: Run, result: Result, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = [
    `${result.verdict}: ${result.test.id}`,
    result.test.title,
    ...requirementLines(result.test.requirements),
    ...findings(result).map(([name, text]) => `${name}: ${text}`),
    `repeat: ${run.repeat(result.test.id)}`,
  ];
  await writeFile(join(folder, 'report.txt'), `${lines.map(printable).join('\n')}\n`);
  await writeFile(join(folder, 'zkcp.log'), result.log.map((line) => `${line}\n`).join(''));
  await writeFile(join(folder, 'stderr.txt'), result.stderr ?? '');
  await writeFile(join(folder, 'replay.json'), `${JSON.stringify(replayOf(run, [result]), null, 2)}\n`);
}
