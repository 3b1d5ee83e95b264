import { isFailure, isSkipped, type Result } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { countsText, findings, requirementLines, subjectText, sumText } from './explain.ts';

/** A text as one YAML scalar: JSON strings are. */
function scalar(text: string): string {
  return JSON.stringify(text);
}

function escapeDescription(description: string): string {
  return description.replaceAll('\\', '\\\\').replaceAll('#', '\\#');
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

/** What is unsupported or unjudged is a skip, a known failure a todo; everything else that is no pass is `not ok`. */
function point(result: Result, number: number): string {
  const { test, verdict, detail, issue } = result;
  const name = `${number} - ${escapeDescription(`${test.id} ${test.title}`.trimEnd())}`;
  if (verdict === 'pass') return `ok ${name}`;
  if (isSkipped(result)) return `ok ${name} # SKIP ${detail ?? verdict}`;
  if (verdict === 'known-failure') return `not ok ${name} # TODO ${issue ?? ''}`.trimEnd();
  return `not ok ${name}`;
}

/** TAP 14. */
export function tap(run: Run): string {
  const lines = ['TAP version 14', `1..${run.results.length}`];
  for (const [index, result] of run.results.entries()) {
    lines.push(point(result, index + 1));
    if (isFailure(result)) lines.push(...diagnostics(result, run));
  }
  lines.push(`# ${run.level} of ${subjectText(run)}, seed ${run.seed}`);
  for (const text of [...run.warnings.map((each) => `warning: ${each}`), ...run.complaints]) lines.push(`# ${text}`);
  lines.push(`# ${sumText(run)}`, `# ${countsText(run)} in ${(run.durationMs / 1000).toFixed(1)} s`);
  return `${lines.join('\n')}\n`;
}
