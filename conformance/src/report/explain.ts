import { limits } from '@0k-sync/generated/limits';
import { identifiers, requirements } from '@0k-sync/generated/requirements';
import { type Result, VERDICTS } from '../run/result.ts';
import type { Run } from '../run/run.ts';

const limitTexts = new Map<string, string>(
  Object.entries(limits).map(([name, { id, value, unit, meaning }]) => [id, `${name} is ${value} ${unit}: ${meaning}`]),
);

/** What the spec has under an id, a sentence or a row of a table, or undefined for an id that it does not have. */
export function requirementText(id: string): string | undefined {
  if (Object.hasOwn(requirements, id)) return requirements[id as keyof typeof requirements].text;
  if (!Object.hasOwn(identifiers, id)) return undefined;
  return limitTexts.get(id) ?? `a ${identifiers[id as keyof typeof identifiers]} in the tables of the spec`;
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

/** `python 0.1.0 (python)`. */
export function subjectText({ subject }: Run): string {
  return `${subject.name} ${subject.version}`.trim() + (subject.language ? ` (${subject.language})` : '');
}

/** What was expected, seen and said, one `name: text` each; what is absent is left out. */
export function findings(result: Result): [name: string, text: string][] {
  const { expected, actual, detail, issue } = result;
  return Object.entries({ expected, actual, detail, issue }).flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : [[name, text]],
  );
}
