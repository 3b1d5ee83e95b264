/** An adapter that is broken in the way its argument names: `node broken-adapter.ts MODE`. Answers everything else with `{}`. */
import { createInterface } from 'node:readline';

const [mode = 'sound'] = process.argv.slice(2);
const ROLES = 'client relay connect pair_create pair_join push pull sync subscribe disconnect'.split(' ');
const MAX_LINES: Record<string, number> = { 'short-lines': 100, 'huge-answer': 16_000_000 };
const INFO = {
  protocol: mode === 'old-protocol' ? 0 : 1,
  impl: { name: 'broken', version: '0', language: 'typescript', url: '' },
  profiles: [],
  capabilities: {
    'padme.pad': true,
    'hash.blake3': { unsupported: 'not yet' },
    ...(mode === 'cannot' && Object.fromEntries(ROLES.map((name) => [name, true]))),
  },
  limits: { max_in_flight: 4, max_line: MAX_LINES[mode] ?? 100_000 },
};

if (mode === 'no-toolchain') process.exit(3);

function say(id: number, members: object): void {
  process.stdout.write(`${JSON.stringify({ id, ...members })}\n`);
}

/** Deeper than a recursion goes. */
const DEEP = 40_000;
const FLOOD = 'x'.repeat(64 * 1024);

/** Writes until it is killed, as fast as the reader reads. */
function flood(stream: NodeJS.WriteStream): void {
  while (stream.write(FLOOD));
  stream.once('drain', () => flood(stream));
}

let isDoomed = false;
const misbehaviours: Record<string, (id: number, op?: string) => void> = {
  hang: () => undefined,
  'flood-stdout': () => flood(process.stdout),
  'flood-stderr': () => flood(process.stderr),
  'flood-lines': (id) => {
    for (let extra = 0; extra < 10_000; extra += 1) say(id, { ok: {} });
  },
  crash: () => process.exit(7),
  abort: () => process.kill(process.pid, 'SIGSEGV'),
  'early-exit': () => process.exit(0),
  // The op `cause` is answered; what is asked next finds the consequence.
  'late-crash': (id, op) => {
    if (isDoomed) process.exit(7);
    isDoomed = op === 'cause';
    say(id, { ok: {} });
  },
  noise: (id) => {
    process.stdout.write('warming up\n');
    say(id, { ok: {} });
  },
  duplicate: (id) => {
    say(id, { ok: {} });
    say(id, { ok: {} });
  },
  'unknown-id': (id) => say(id + 1000, { ok: {} }),
  'two-members': (id) => say(id, { ok: {}, reject: { class: 'frame.parse' } }),
  'no-member': (id) => say(id, {}),
  'ok-list': (id) => say(id, { ok: [] }),
  'not-utf8': () => process.stdout.write(Buffer.from([0xff, 0x0a])),
  cannot: (id) => say(id, { error: { detail: 'cannot' } }),
  deep: (id) => process.stdout.write(`{"id":${id},"ok":{"len":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}}\n`),
  'huge-answer': (id) => say(id, { reject: { class: 'invite.parse', detail: 'x'.repeat(15_000_000) } }),
  unsupported: (id) => say(id, { unsupported: { what: 'this op' } }),
  'half-line': () => {
    process.stdout.write('{"id": 2, ');
    process.exit(0);
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, cmd, nonce, op } = JSON.parse(line) as { id: number; cmd: string; nonce?: string; op?: string };
  if (cmd === 'hello') say(id, { ok: INFO });
  else if (cmd === 'bye') {
    if (mode === 'bye-crash') process.exit(11);
    if (mode === 'bye-silent') process.exit(0);
    if (mode === 'bye-stays') setInterval(() => undefined, 1000);
    if (mode === 'bye-stays') return say(id, { ok: {} });
    if (mode === 'bye-refused') say(id, { error: { detail: 'not yet' } });
    else say(id, { ok: {} });
    process.exit(0);
  } else if (cmd === 'ping') say(id, { ok: { nonce } });
  else (misbehaviours[mode] ?? ((each: number) => say(each, { ok: {} })))(id, op);
});
