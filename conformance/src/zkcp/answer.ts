import { type Answer, isObject, type Members } from './protocol.ts';

const MEMBERS = ['ok', 'reject', 'unsupported', 'error'] as const;

/** What an answer's member must hold, as a sentence, or undefined when it does. */
function complaint(name: (typeof MEMBERS)[number], value: unknown): string | undefined {
  if (!isObject(value)) return `${name} is not an object`;
  if (name === 'reject' && typeof value['class'] !== 'string') return 'reject has no class';
  if (name === 'reject' && !['undefined', 'number'].includes(typeof value['code']))
    return 'code of reject is no number';
  if (name === 'unsupported' && typeof value['what'] !== 'string') return 'unsupported does not say what';
  if (name === 'error' && typeof value['detail'] !== 'string') return 'error has no detail';
  return undefined;
}

/** True for what an adapter may answer, without the id. */
export function isAnswer(value: unknown): value is Answer {
  if (!isObject(value)) return false;
  const [name, ...more] = MEMBERS.filter((each) => Object.hasOwn(value, each));
  return name !== undefined && more.length === 0 && complaint(name, value[name]) === undefined;
}

/** Reads one line of an adapter. Throws a TypeError that says why it is no answer. */
export function parseAnswer(line: string): { readonly id: number; readonly answer: Answer } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new TypeError(`stdout holds a line that is not JSON: ${excerpt(line)}`);
  }
  if (!isObject(value)) throw new TypeError(`an answer is not an object: ${excerpt(line)}`);
  const given = MEMBERS.filter((name) => Object.hasOwn(value as Members, name));
  const [name] = given;
  if (name === undefined || given.length > 1)
    throw new TypeError(
      `an answer has ${given.length === 0 ? 'none' : 'two'} of ok, reject, unsupported, error: ${excerpt(line)}`,
    );
  const wrong = complaint(name, value[name]);
  if (wrong !== undefined) throw new TypeError(`${wrong}: ${excerpt(line)}`);
  if (!Number.isSafeInteger(value['id'])) throw new TypeError(`an answer has no id: ${excerpt(line)}`);
  return { id: value['id'] as number, answer: { [name]: value[name] } as unknown as Answer };
}

const EXCERPT_LENGTH = 120;

function excerpt(line: string): string {
  return JSON.stringify(line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line);
}
