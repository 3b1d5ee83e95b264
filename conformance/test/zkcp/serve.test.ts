import { PassThrough } from 'node:stream';
import t from 'tap';
import type { AdapterInfo } from '../../src/zkcp/protocol.ts';
import { type Handlers, Reject, serve, Unsupported } from '../../src/zkcp/serve.ts';

const INFO: AdapterInfo = {
  protocol: 1,
  impl: { name: 'test', version: '1', language: 'typescript', url: '' },
  profiles: ['vectors'],
  capabilities: { 'padme.pad': true },
  limits: { max_in_flight: 4, max_line: 1000 },
};

const HANDLERS: Handlers = {
  eval: (op, input, draws, nowMs) => {
    if (op === 'reject') throw new Reject('frame.parse', 1000, 'why');
    if (op === 'plain-reject') throw new Reject('frame.type');
    if (op === 'unknown') throw new Unsupported(op);
    if (op === 'broken') throw new TypeError('no len');
    return { op, input, draws, nowMs };
  },
  open: async (request) => ({ handle: 'h1', role: request['role'] }),
};

/** The adapter's answers to these requests, by id. */
async function answers(requests: readonly object[]): Promise<Record<string, unknown>[]> {
  const input = new PassThrough();
  const output = new PassThrough();
  const served = serve({ info: INFO, handlers: HANDLERS }, input, output);
  for (const [index, request] of requests.entries()) input.write(`${JSON.stringify({ id: index + 1, ...request })}\n`);
  input.end();
  await served;
  output.end();
  const text = (await output.toArray()).join('');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.id - b.id);
}

t.test('each request is answered with exactly one member', async (t) => {
  t.strictSame(
    await answers([
      { cmd: 'hello', protocol: 1 },
      { cmd: 'eval', op: 'x', in: { a: 1 }, draws: { nonce: '00' }, now_ms: '5' },
      { cmd: 'eval', op: 'x', in: {} },
      { cmd: 'eval', op: 'reject', in: {} },
      { cmd: 'eval', op: 'plain-reject', in: {} },
      { cmd: 'eval', op: 'unknown', in: {} },
      { cmd: 'eval', op: 'broken', in: {} },
      { cmd: 'eval', op: 'x' },
      { cmd: 'open', role: 'client' },
      { cmd: 'do', handle: 'h1' },
      { cmd: 'dance' },
      { cmd: 'ping', nonce: 'ab' },
      { cmd: 'bye' },
    ]),
    [
      { id: 1, ok: INFO },
      { id: 2, ok: { op: 'x', input: { a: 1 }, draws: { nonce: '00' }, nowMs: 5 } },
      { id: 3, ok: { op: 'x', input: {}, draws: {} } },
      { id: 4, reject: { class: 'frame.parse', code: 1000, detail: 'why' } },
      { id: 5, reject: { class: 'frame.type' } },
      { id: 6, unsupported: { what: 'unknown' } },
      { id: 7, error: { detail: 'TypeError: no len' } },
      { id: 8, error: { detail: 'TypeError: in is not an object' } },
      { id: 9, ok: { handle: 'h1', role: 'client' } },
      { id: 10, unsupported: { what: 'do' } },
      { id: 11, unsupported: { what: 'dance' } },
      { id: 12, ok: { nonce: 'ab' } },
      { id: 13, ok: {} },
    ],
  );
});

t.test('input that is no ZKCP ends it', async (t) => {
  const serveText = (text: string) =>
    serve({ info: INFO, handlers: HANDLERS }, PassThrough.from([Buffer.from(text)]), new PassThrough());
  await t.rejects(serveText('[]\n'), /not an object/);
  await t.rejects(serveText('hello\n'), SyntaxError);
});
