/**
 * Runs tap and counts its raw output: `node tools/test.ts [file…]`.
 * A test is what stands at the top level of a test file. A crash, a timeout, a skipped test and a file without tests
 * count as failed. The last line is `N passed, N failed`; the exit status is 0 only if some passed and none failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Parser, type Result } from 'tap-parser';

const TAP = fileURLToPath(new URL('../node_modules/.bin/tap', import.meta.url));
const DIAGNOSTICS_DEPTH = 4;

interface Count {
  passed: number;
  readonly failures: string[];
}

function isSatisfied(result: Result): boolean {
  return result.ok && !result.skip && !result.todo;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints the innermost assertions that failed, with what tap says about them. */
function printFailures(parser: Parser): void {
  parser.on('assert', (result: Result) => {
    if (isSatisfied(result) || !result.diag) return;
    print(`not ok ${result.fullname}`);
    for (const [key, value] of Object.entries(result.diag)) {
      const text = typeof value === 'string' ? value : inspect(value, { depth: DIAGNOSTICS_DEPTH });
      print(`  ${key}: ${text.trimEnd().replaceAll('\n', '\n    ')}`);
    }
  });
  parser.on('child', printFailures);
}

function countTests(file: Parser, count: Count): void {
  printFailures(file);
  file.on('assert', (result: Result) => {
    if (isSatisfied(result)) count.passed += 1;
    else count.failures.push(`${file.name} > ${result.name}${result.skip || result.todo ? ' (skipped)' : ''}`);
  });
}

/** A file that failed though none of its tests did crashed, ran too long or held no test. */
function countFile(file: Result, count: Count): void {
  const explained = count.failures.some((each) => each.startsWith(`${file.name} > `));
  if (!isSatisfied(file) && !explained) {
    count.failures.push(file.skip ? `${file.name} (no tests)` : `${file.name} (${file.diag?.error ?? 'crashed'})`);
    if (file.diag) print(inspect(file.diag, { depth: DIAGNOSTICS_DEPTH }));
  }
  print(`${isSatisfied(file) ? 'ok' : 'not ok'} ${file.name} ${Math.round(file.time ?? 0)} ms`);
}

async function runTap(files: readonly string[], count: Count): Promise<void> {
  if (!existsSync(TAP)) throw new Error('tap is not installed; run: make setup');
  const tap = spawn(process.execPath, [TAP, '--reporter=tap', ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parser = new Parser();
  parser.on('child', (file: Parser) => countTests(file, count));
  parser.on('assert', (file: Result) => countFile(file, count));
  parser.on('bailout', (reason: string) => count.failures.push(`bailed out: ${reason}`));
  tap.stdout.pipe(parser);
  const [[code, signal]] = await Promise.all([once(tap, 'close'), once(parser, 'complete')]);
  if (code !== 0 && count.failures.length === 0) count.failures.push(`tap ended with ${signal ?? `status ${code}`}`);
}

const count: Count = { passed: 0, failures: [] };
await runTap(process.argv.slice(2), count).catch((error: Error) => count.failures.push(error.message));
if (count.passed === 0 && count.failures.length === 0) count.failures.push('no tests were found');
for (const failure of count.failures) print(`failed: ${failure}`);
print(`${count.passed} passed, ${count.failures.length} failed`);
process.exitCode = count.failures.length === 0 ? 0 : 1;
