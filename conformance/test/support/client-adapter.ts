/**
 * An adapter with the role `client` as far as `doctor` asks. Its argument is a JSON object: the text that it writes in place
 * of the answer to a command (`env offline` is one of its own), or `stays` for a `bye` that ends nothing.
 */
import { createInterface } from 'node:readline';

type Request = { readonly id: number; readonly cmd: string; readonly nonce?: string; readonly net?: string };

const changes = JSON.parse(process.argv[2] ?? '{}') as Readonly<Record<string, string>>;

const INFO = {
  protocol: 1,
  impl: { name: 'small', version: '0', language: 'typescript', url: '' },
  profiles: [],
  capabilities: { client: true },
  limits: { max_in_flight: 1, max_line: 100_000 },
};
const FRESH = { messages: [], events: [], cursor: '0', status: { connected: false, unsynced: 0 } };

function answerTo({ cmd, nonce }: Request): object {
  if (cmd === 'eval') return { unsupported: { what: 'this op' } };
  const oks: Record<string, object> = { hello: INFO, ping: { nonce }, open: { handle: 'one' }, observe: FRESH };
  return { ok: oks[cmd] ?? {} };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as Request;
  const { id, cmd, net } = request;
  const change = changes[net === undefined ? cmd : `${cmd} ${net}`];
  const said = change === undefined || change === 'stays' ? JSON.stringify({ id, ...answerTo(request) }) : change;
  process.stdout.write(`${said.replace('ID', `${id}`)}\n`);
  if (cmd !== 'bye') return;
  if (change === 'stays') setInterval(() => undefined, 1000);
  else process.exit(0);
});
