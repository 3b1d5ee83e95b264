import { once } from 'node:events';
import { LineSplitter } from './lines.ts';
import { type AdapterInfo, type Answer, isObject, LINE_BYTES_MAX, type Members } from './protocol.ts';

type Result = Members | Promise<Members>;

/** The implementation's handlers; each returns the object of `ok`, or throws `Reject` or `Unsupported`. */
export interface Handlers {
  /** `nowMs`: milliseconds since 1970. */
  readonly eval?: (op: string, input: Members, draws: Members, nowMs: number | undefined) => Result;
  /** These get the members of the request: `open` role, dir, config, now_ms?; the others handle and theirs. */
  readonly open?: (request: Members) => Result;
  readonly do?: (request: Members) => Result;
  readonly observe?: (request: Members) => Result;
  readonly env?: (request: Members) => Result;
  readonly close?: (request: Members) => Result;
}

/** Answers `reject`: the input is bad. */
export class Reject extends Error {
  override readonly name = 'Reject';
  readonly class: string;
  readonly code: number | undefined;

  constructor(rejectClass: string, code?: number, detail = '') {
    super(detail);
    this.class = rejectClass;
    this.code = code;
  }
}

/** Answers `unsupported`: the implementation lacks the op or action. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
  readonly what: string;
  readonly issue: string | undefined;

  constructor(what: string, issue?: string) {
    super(`${what} is not supported`);
    this.what = what;
    this.issue = issue;
  }
}

function textOf(request: Members, name: string): string {
  const value = request[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not a text`);
  return value;
}

function objectOf(request: Members, name: string, fallback?: Members): Members {
  const value = request[name] ?? fallback;
  if (!isObject(value)) throw new TypeError(`${name} is not an object`);
  return value;
}

function timeOf(request: Members): number | undefined {
  return request['now_ms'] === undefined ? undefined : Number(request['now_ms']);
}

function perform(adapter: { info: AdapterInfo; handlers: Handlers }, request: Members): Result {
  const { info, handlers } = adapter;
  const cmd = textOf(request, 'cmd');
  switch (cmd) {
    case 'hello':
      return info as unknown as Members;
    case 'ping':
      return { nonce: textOf(request, 'nonce') };
    case 'bye':
      return {};
    case 'eval':
      if (!handlers.eval) throw new Unsupported(cmd);
      return handlers.eval(
        textOf(request, 'op'),
        objectOf(request, 'in'),
        objectOf(request, 'draws', {}),
        timeOf(request),
      );
    case 'open':
    case 'do':
    case 'observe':
    case 'env':
    case 'close': {
      const handler = handlers[cmd];
      if (!handler) throw new Unsupported(cmd);
      return handler(request);
    }
    default:
      throw new Unsupported(cmd);
  }
}

function answerOf(failure: unknown): Answer {
  if (failure instanceof Reject) {
    const { class: rejectClass, code, message } = failure;
    return {
      reject: { class: rejectClass, ...(code === undefined ? {} : { code }), ...(message ? { detail: message } : {}) },
    };
  }
  if (failure instanceof Unsupported) {
    const { what, issue } = failure;
    return { unsupported: { what, ...(issue === undefined ? {} : { issue }) } };
  }
  return { error: { detail: failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure) } };
}

/** The answer to one request line; every failure of a handler becomes one. */
async function answer(adapter: { info: AdapterInfo; handlers: Handlers }, request: Members): Promise<Answer> {
  try {
    return { ok: await perform(adapter, request) };
  } catch (failure) {
    return answerOf(failure);
  }
}

/**
 * The adapter side of ZKCP/1: answers the requests of `input` on `output`, each as soon as it is done. Resolves after `bye`
 * or at the end of `input`; then it is up to the caller to close what is open and to exit with 0.
 * Rejects with a RangeError, TypeError or SyntaxError when `input` is no ZKCP.
 */
export async function serve(
  adapter: { readonly info: AdapterInfo; readonly handlers: Handlers },
  input: AsyncIterable<Uint8Array>,
  output: NodeJS.WritableStream,
): Promise<void> {
  const lines = new LineSplitter(() => Math.max(LINE_BYTES_MAX, adapter.info.limits.max_line));
  for await (const chunk of input) {
    for (const line of lines.push(chunk)) {
      const request: unknown = JSON.parse(line);
      if (!isObject(request)) throw new TypeError('a request is not an object');
      const done = answer(adapter, request).then((result) =>
        output.write(`${JSON.stringify({ id: request['id'], ...result })}\n`),
      );
      if (request['cmd'] === 'bye') {
        await done;
        return;
      }
      // A pure function is done in this turn; waiting for the pipe bounds what is buffered.
      if (request['cmd'] === 'eval' && !(await done)) await once(output, 'drain');
    }
  }
}
