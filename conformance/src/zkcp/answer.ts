import { Misspoken } from './misspoken.ts';
import { type Answer, isObject, type Members } from './protocol.ts';
import { see } from './sections.ts';

const MEMBERS = ['ok', 'reject', 'unsupported', 'error'] as const;

/** Returns a sentence about the value that an answer's member must have, or undefined when it has it. */
function complaint(name: (typeof MEMBERS)[number], value: unknown): string | undefined {
  if (!isObject(value)) return `${name} is not an object`;
  if (name === 'reject' && typeof value['class'] !== 'string') return 'reject has no class';
  if (name === 'reject' && !['undefined', 'number'].includes(typeof value['code']))
    return 'code of reject is no number';
  if (name === 'unsupported' && typeof value['what'] !== 'string') return 'unsupported does not say what';
  if (name === 'error' && typeof value['detail'] !== 'string') return 'error has no detail';
  return undefined;
}

/** True for an answer, without its id, that ZKCP allows. */
export function isAnswer(value: unknown): value is Answer {
  if (!isObject(value)) return false;
  const [name, ...more] = MEMBERS.filter((each) => Object.hasOwn(value, each));
  return name !== undefined && more.length === 0 && complaint(name, value[name]) === undefined;
}

const ONLY_ANSWERS = see('Lines', 'stdout carries answers only; log to stderr');
const ONE_MEMBER = see('Lines', 'an answer is {"id": 7, "ok": {…}}, or reject, unsupported or error in place of ok');
const NUMBER = see('Lines', 'id is the number of the request, a JSON number and no text');

/** Reads one line of an adapter. Throws `Misspoken`, which says why it is no answer. */
export function parseAnswer(line: string): { readonly id: number; readonly answer: Answer } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Misspoken(`stdout holds a line that is not JSON: ${excerpt(line)}`, ONLY_ANSWERS);
  }
  if (!isObject(value)) throw new Misspoken(`an answer is not an object: ${excerpt(line)}`, ONE_MEMBER);
  const given = MEMBERS.filter((name) => Object.hasOwn(value as Members, name));
  const [name] = given;
  if (name === undefined || given.length > 1)
    throw new Misspoken(
      `an answer has ${given.length === 0 ? 'none' : 'two'} of ok, reject, unsupported, error: ${excerpt(line)}`,
      ONE_MEMBER,
    );
  const wrong = complaint(name, value[name]);
  if (wrong !== undefined)
    throw new Misspoken(`${wrong}: ${excerpt(line)}`, see('Lines', 'the table says what each member holds'));
  if (value['id'] === undefined) throw new Misspoken(`an answer has no id: ${excerpt(line)}`, NUMBER);
  if (!Number.isSafeInteger(value['id']))
    throw new Misspoken(`the id of an answer is no integer: ${excerpt(line)}`, NUMBER);
  return { id: value['id'] as number, answer: { [name]: value[name] } as unknown as Answer };
}

const EXCERPT_LENGTH = 120;

function excerpt(line: string): string {
  return JSON.stringify(line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line);
}
