import { once } from 'node:events';
import { inspect } from 'node:util';
import { type FinalResults, Parser, type Result } from 'tap-parser';
import { ProcessGroup } from './process-group.ts';

/** A file that takes longer has failed. tap ends it at this time and names the test; a file that is stuck is killed later. */
const TIMEOUT_S = 300;
const KILL_MS = (TIMEOUT_S + 15) * 1000;
const DIAGNOSTICS_DEPTH = 4;

/** One test file after its run. A test is what stands at its top level. */
export interface FileResult {
  readonly file: string;
  readonly durationMs: number;
  /** Number of tests that passed. */
  readonly passed: number;
  /** Names of the tests that failed; the file itself if it crashed, ran too long or held no test. */
  readonly failures: readonly string[];
  /** The innermost assertions that failed, with what tap says about them. */
  readonly output: readonly string[];
}

/**
 * Runs a test file in a process of its own, and ends everything that it has started when it ends or `limit` aborts. A
 * skipped test counts as failed.
 */
export async function runFile(file: string, limit = AbortSignal.timeout(KILL_MS)): Promise<FileResult> {
  const startMs = performance.now();
  const env = { ...process.env, TAP_TIMEOUT: String(TIMEOUT_S) };
  const group = new ProcessGroup(['--conditions=@0k-sync/source', file], env, limit);
  const parser = new Parser();
  const output: string[] = [];
  const tests: Result[] = [];
  printFailures(parser, file, output);
  parser.on('assert', (result: Result) => tests.push(result));
  group.output.pipe(parser);
  const [{ code, signal }, [report]] = await Promise.all([
    group.ended(),
    once(parser, 'complete') as Promise<[FinalResults]>,
  ]);
  const failures = tests.filter((test) => !isSatisfied(test)).map((test) => `${file} > ${nameOf(test)}`);
  const isWhole = code === 0 && report.ok;
  if (tests.length === 0 && code === 0) failures.push(`${file} (no tests)`);
  else if (!isWhole && failures.length === 0) failures.push(`${file} (${signal ?? `status ${code}`})`);
  return {
    file,
    durationMs: Math.round(performance.now() - startMs),
    passed: tests.filter(isSatisfied).length,
    failures,
    output,
  };
}

function isSatisfied(result: Result): boolean {
  return result.ok && !result.skip && !result.todo;
}

function nameOf(result: Result): string {
  return result.skip || result.todo ? `${result.name} (skipped)` : result.name;
}

function printFailures(parser: Parser, file: string, output: string[]): void {
  parser.on('assert', (result: Result) => {
    if (isSatisfied(result) || !result.diag) return;
    output.push(`not ok ${file} > ${result.fullname}`);
    for (const [key, value] of Object.entries(result.diag)) {
      const text = typeof value === 'string' ? value : inspect(value, { depth: DIAGNOSTICS_DEPTH });
      output.push(`  ${key}: ${text.trimEnd().replaceAll('\n', '\n    ')}`);
    }
  });
  parser.on('child', (child: Parser) => printFailures(child, file, output));
}
