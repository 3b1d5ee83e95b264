// Runs the test files, several at a time, and counts their tests: main.ts [file…]. The last line is `N passed, N failed`; the exit
// status is 0 only if some passed and none failed.

import { availableParallelism } from 'node:os';
import { findFiles, longestFirst, saveDurations } from './files.ts';
import { endGroupsWithRunner } from './process-group.ts';
import { type FileResult, runFile } from './run-file.ts';

/** More files than processors at a time, because most of a file's time is spent waiting for other processes. */
const JOBS = Math.min(8, 2 * availableParallelism());

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Takes files from the list, one after another, until none is left. */
async function work(files: string[], results: FileResult[]): Promise<void> {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const result = await runFile(file);
    for (const line of result.output) print(line);
    print(`${result.failures.length === 0 ? 'ok' : 'not ok'} ${file} ${result.durationMs} ms`);
    results.push(result);
  }
}

endGroupsWithRunner();
const named = process.argv.slice(2);
const files = longestFirst(named.length > 0 ? named : findFiles());
const results: FileResult[] = [];
await Promise.all(Array.from({ length: JOBS }, () => work(files, results)));
saveDurations(results);

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failures = results.flatMap((result) => result.failures);
if (results.length === 0) failures.push('no tests were found');
for (const failure of failures) print(`failed: ${failure}`);
print(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
