import { contrast, cut } from '../excerpt.ts';
import { ping } from '../run/execute.ts';
import type { Judgement } from '../run/result.ts';
import type { Adapter, Answer } from '../zkcp/adapter.ts';
import { isObject } from '../zkcp/protocol.ts';
import type { Expectation, VectorCase, VectorTest } from './case.ts';
import { type Difference, firstDifference } from './compare.ts';

const OK_LENGTH_MAX = 120;

function show(value: unknown): string {
  return cut(value === undefined ? 'absent' : JSON.stringify(value));
}

/** An answer that did not come at all is named by its members where it is long: there is nothing to compare it with. */
function expectedOf(expect: Expectation): string {
  if ('reject' in expect) return `reject ${expect.reject.class.join(' or ')}`;
  const text = JSON.stringify(expect.ok);
  return text.length > OK_LENGTH_MAX ? `ok with ${Object.keys(expect.ok).join(', ')}` : `ok ${text}`;
}

function differing({ path, expected, actual }: Difference): Judgement {
  if (typeof expected !== 'string' || typeof actual !== 'string')
    return { verdict: 'fail', expected: `${path} = ${show(expected)}`, actual: `${path} = ${show(actual)}` };
  const texts = contrast(expected, actual);
  return {
    verdict: 'fail',
    expected: `${path} = ${JSON.stringify(texts.expected)}`,
    actual: `${path} = ${JSON.stringify(texts.actual)}`,
    ...(texts.where && { detail: texts.where }),
  };
}

/** Compares an answer with what the case expects. Only `reject` satisfies a case that must be refused. */
export function compare(expect: Expectation, answer: Answer): Judgement {
  if ('ok' in expect && 'ok' in answer) {
    const difference = firstDifference(expect.ok, answer.ok, 'ok');
    return difference ? differing(difference) : { verdict: 'pass' };
  }
  if ('reject' in expect && 'reject' in answer && expect.reject.class.includes(answer.reject.class))
    return { verdict: 'pass' };
  const [name, value] = Object.entries(answer)[0] ?? [];
  const actual =
    'reject' in answer
      ? `reject ${answer.reject.class} ${answer.reject.detail ?? ''}`.trimEnd()
      : `${name} ${show(value)}`;
  return { verdict: 'fail', expected: expectedOf(expect), actual };
}

/** Members of results that hold what was encrypted. */
const SECRET_RESULTS = ['plaintext', 'content'];
/** Shorter texts occur by chance. */
const CANARY_LENGTH_MIN = 8;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (isObject(value)) for (const each of Object.values(value)) yield* textsIn(each);
}

/** The decrypted contents of a case's twin, in hexadecimal and as text: no refusal may hold any of them. */
export function canariesOf(twin: VectorCase | undefined): string[] {
  if (!twin || !('ok' in twin.expect)) return [];
  const { ok } = twin.expect;
  const texts = SECRET_RESULTS.flatMap((name) => [...textsIn(ok[name])]).filter(
    (text) => text.length >= CANARY_LENGTH_MIN,
  );
  return texts
    .flatMap((text) => [text, Buffer.from(text, 'hex').toString('utf8')])
    .filter((text) => text.length >= CANARY_LENGTH_MIN);
}

function leaked(answer: Answer, test: VectorTest, twin: VectorCase | undefined): string | undefined {
  const said = JSON.stringify(answer);
  const given = JSON.stringify(test.vector.in);
  return canariesOf(twin).find((canary) => said.includes(canary) && !given.includes(canary));
}

/** Judges a disclaimed op: it never passes, and if it works nevertheless, hello is wrong. */
function disclaimedBut(name: string, judgement: Judgement, isPositive: boolean): Judgement {
  const works = isPositive && judgement.verdict === 'pass';
  return {
    verdict: 'unsupported',
    detail: `${name} is disclaimed`,
    ...(works && { warning: `${name} is disclaimed in hello, but works` }),
  };
}

/** The adapter under test and the cases that it is judged by. */
export interface VectorContext {
  readonly deadlineMs: number;
  /** The case that a negative one was derived from. */
  readonly twinOf: (test: VectorTest) => VectorCase | undefined;
}

/** Asks the adapter for one case. After a negative one it must still answer: it is pinged. */
export async function judge(
  test: VectorTest,
  adapter: Adapter,
  { deadlineMs, twinOf }: VectorContext,
  log: string[],
): Promise<Judgement> {
  const { expect, in: input, draws, now_ms } = test.vector;
  const members = { op: test.op, in: input, ...(draws && { draws }), ...(now_ms !== undefined && { now_ms }) };
  const answer = await adapter.ask('eval', members, deadlineMs, log);
  const judgement = compare(expect, answer);
  const disclaimed = test.requires.find((name) => !adapter.supports(name));
  if (disclaimed !== undefined) return disclaimedBut(disclaimed, judgement, 'ok' in expect);
  if ('ok' in expect) return judgement;
  const broken = await ping(adapter, deadlineMs, log);
  if (broken) return broken;
  if (expect.released !== '' || judgement.verdict !== 'pass') return judgement;
  const plaintext = leaked(answer, test, twinOf(test));
  if (plaintext === undefined) return judgement;
  return {
    verdict: 'fail',
    expected: 'a refusal without the plaintext',
    actual: `reject that holds ${show(plaintext)}`,
  };
}
