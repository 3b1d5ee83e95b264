import { isFailure, isSkipped, type Result } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { cutLine } from '../zkcp/log.ts';
import { escapeMarkup } from './escape.ts';
import { findings, requirementLines } from './explain.ts';

const MS_PER_SECOND = 1000;

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value))}"`)
    .join('');
}

function body(result: Result, run: Run): string {
  const { verdict, test, detail, actual } = result;
  if (verdict === 'pass') return '';
  if (isSkipped(result) || verdict === 'known-failure')
    return `<skipped${attributes({ message: `${verdict}: ${result.issue ?? detail ?? ''}` })}/>`;
  const lines = [
    ...requirementLines(test.requirements),
    ...findings(result).map(([name, text]) => `${name}: ${text}`),
    `repeat: ${run.repeat(test.id)}`,
  ];
  return `<failure${attributes({ type: verdict, message: actual ?? detail ?? verdict })}>${escapeMarkup(lines.join('\n'))}</failure>`;
}

function output(result: Result): string {
  if (!isFailure(result)) return '';
  const log =
    result.log.length > 0 ? `<system-out>${escapeMarkup(result.log.map(cutLine).join('\n'))}</system-out>` : '';
  return log + (result.stderr ? `<system-err>${escapeMarkup(result.stderr)}</system-err>` : '');
}

function testCase(result: Result, run: Run): string {
  const slash = result.test.id.lastIndexOf('/');
  const named = attributes({
    classname: `${run.level}.${result.test.id.slice(0, slash).replaceAll('/', '.')}`,
    name: result.test.id.slice(slash + 1),
    time: (result.durationMs / MS_PER_SECOND).toFixed(3),
  });
  return `    <testcase${named}>${body(result, run)}${output(result)}</testcase>`;
}

/** JUnit XML: what is unsupported, unjudged or a known failure is skipped, all that is no pass otherwise fails. */
export function junit(run: Run): string {
  const skipped = run.results.filter(isSkipped).length + run.counts['known-failure'];
  const suite = attributes({
    name: `0k-conformance ${run.level} ${run.subject.name}`,
    tests: run.results.length,
    failures: run.results.length - run.counts.pass - skipped,
    errors: 0,
    skipped,
    time: (run.durationMs / MS_PER_SECOND).toFixed(3),
    timestamp: new Date(run.startedAtMs).toISOString(),
  });
  const cases = run.results.map((result) => testCase(result, run));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite${suite}>\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`;
}
