import { requirements, rowTexts } from '@0k-sync/spec/requirements';
import { exitCodes } from '../run/exit.ts';
import { type Result, VERDICTS } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { oneLine } from './escape.ts';

/** The sentence or table row of the spec that has the id, or undefined for an unknown id. */
export function requirementText(id: string): string | undefined {
  if (Object.hasOwn(requirements, id)) return requirements[id as keyof typeof requirements].text;
  return Object.hasOwn(rowTexts, id) ? rowTexts[id as keyof typeof rowTexts] : undefined;
}

/** `HS-04: A message of another length than …`, one for each requirement of a test. */
export function requirementLines(ids: readonly string[]): string[] {
  return ids.map((id) => `${id}: ${requirementText(id) ?? 'not in this version of the spec'}`);
}

/** `12 pass, 1 fail`: the verdicts that occur. */
export function countsText({ counts }: Run): string {
  return VERDICTS.filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
}

/** `planned 13 = 12 pass + 1 fail`. */
export function sumText({ planned, counts, broken }: Run): string {
  const sum = VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`);
  return `planned ${planned.length} ${broken === undefined ? '=' : '≠'} ${sum.join(' + ') || '0'}`;
}

/** The run's verdict on its subject in a word or two: only a subject that let the suite judge everything is conformant. */
export function verdictText({ exit, counts: { unjudged } }: Run): string {
  if (exit === exitCodes.nothing) return 'not proven';
  if (exit !== exitCodes.conformant) return 'not conformant';
  return unjudged === 0 ? 'conformant' : `no failure, ${unjudged} unjudged`;
}

/** `python 0.1.0 (python)`, on one line whatever it calls itself. */
export function subjectText({ subject }: Run): string {
  return oneLine(`${subject.name} ${subject.version}`.trim() + (subject.language ? ` (${subject.language})` : ''));
}

/** The expected, actual and detail texts of a result that are present, each with its name. */
export function findings(result: Result): [name: string, text: string][] {
  const { expected, actual, detail, issue } = result;
  return Object.entries({ expected, actual, detail, issue }).flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : [[name, text]],
  );
}
