import { isFull } from '../profiles.ts';
import { isFailure, type Result, VERDICTS } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { oneLine } from './escape.ts';
import { countsText, findings, requirementLines, subjectText, sumText } from './explain.ts';

/** Text of others inside a code span, on one line: no link, picture or markup in it is one. */
function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'")}\``;
}

function section(result: Result, run: Run): string {
  const lines = [
    `### ${result.verdict}: ${code(result.test.id)}`,
    '',
    oneLine(result.test.title),
    '',
    ...requirementLines(result.test.requirements).map((line) => `- ${line}`),
    ...findings(result).map(([name, text]) => `- ${name}: ${code(text)}`),
    `- repeat: ${code(run.repeat(result.test.id))}`,
  ];
  return lines.join('\n');
}

function profileLines(run: Run): string[] {
  return run.badges.map((badge) => {
    const also = badge.alsoNeeds.length > 0 ? `; also needs ${badge.alsoNeeds.join(', ')}` : '';
    const state = badge.needed === 0 ? 'has no tests' : isFull(badge) ? 'full' : `${badge.passed} of ${badge.needed}`;
    return `- ${badge.profile}: ${state}${also}`;
  });
}

/** A page for a pull request: summary first, then each failure. */
export function markdown(run: Run): string {
  const rows = VERDICTS.filter((verdict) => run.counts[verdict] > 0).map(
    (verdict) => `| ${verdict} | ${run.counts[verdict]} |`,
  );
  const parts = [
    `# ${run.level}: ${code(subjectText(run))}`,
    `${countsText(run)}. ${sumText(run)}; seed ${code(run.seed)}; ${(run.durationMs / 1000).toFixed(1)} s.`,
    ['| verdict | tests |', '|---|---|', ...rows].join('\n'),
    ...(run.badges.length > 0 ? ['## Profiles', profileLines(run).join('\n')] : []),
    ...(run.warnings.length > 0 ? ['## Warnings', run.warnings.map((text) => `- ${code(text)}`).join('\n')] : []),
    ...(run.complaints.length > 0
      ? ['## Known failures', run.complaints.map((text) => `- ${code(text)}`).join('\n')]
      : []),
    ...(run.results.some(isFailure) ? ['## Failures'] : []),
    ...run.results.filter(isFailure).map((result) => section(result, run)),
  ];
  return `${parts.join('\n\n')}\n`;
}
