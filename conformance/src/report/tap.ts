import { isFailure, isSkipped, type Result } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { oneLine } from './escape.ts';
import { countsText, findings, requirementLines, subjectText, sumText } from './explain.ts';

/** Characters that JSON allows and YAML does not, and those that turn the direction of writing. */
const TO_ESCAPE = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** A text as one YAML scalar: JSON strings are, but for a few characters. */
function scalar(text: string): string {
  return JSON.stringify(text).replace(
    TO_ESCAPE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeDescription(description: string): string {
  return oneLine(description).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}

function diagnostics(result: Result, run: Run): string[] {
  const requirements = requirementLines(result.test.requirements).map((line) => `    - ${scalar(line)}`);
  return [
    '  ---',
    `  verdict: ${result.verdict}`,
    ...(requirements.length > 0 ? ['  requirements:', ...requirements] : []),
    ...findings(result).map(([name, text]) => `  ${name}: ${scalar(text)}`),
    `  repeat: ${scalar(run.repeat(result.test.id))}`,
    '  ...',
  ];
}

/** Writes one TAP point: unsupported and unjudged are skips, a known failure is a todo, any other verdict but pass is `not ok`. */
function point(result: Result, number: number): string {
  const { test, verdict, detail, issue } = result;
  const name = `${number} - ${escapeDescription(`${test.id} ${test.title}`.trimEnd())}`;
  if (verdict === 'pass') return `ok ${name}`;
  if (isSkipped(result)) return `ok ${name} # SKIP ${oneLine(detail ?? verdict)}`;
  if (verdict === 'known-failure') return `not ok ${name} # TODO ${oneLine(issue ?? '')}`.trimEnd();
  return `not ok ${name}`;
}

/** TAP 14. */
export function tap(run: Run): string {
  const lines = ['TAP version 14', `1..${run.results.length}`];
  for (const [index, result] of run.results.entries()) {
    lines.push(point(result, index + 1));
    if (isFailure(result)) lines.push(...diagnostics(result, run));
  }
  const comments = [
    `${run.level} of ${subjectText(run)}, seed ${run.seed}`,
    ...run.warnings.map((each) => `warning: ${each}`),
    ...run.complaints,
    sumText(run),
    `${countsText(run)} in ${(run.durationMs / 1000).toFixed(1)} s`,
  ];
  return `${[...lines, ...comments.map((comment) => `# ${oneLine(comment)}`)].join('\n')}\n`;
}
