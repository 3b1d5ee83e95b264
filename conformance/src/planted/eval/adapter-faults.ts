import { setTimeout as delay } from 'node:timers/promises';
import { isObject, type Members } from '../../zkcp/protocol.ts';
import { Reject, Unsupported } from '../../zkcp/serve.ts';
import type { Behaviour, Call } from './behaviour.ts';

/** The first thing a client of version 2 says. WI-01. */
const HYBRID_PREFACE = '304b0200';
/** Longer than the deadlines of the self-test, which kill it before. */
const LATE_MS = 30_000;
/** Longer than any deadline of a run. */
const FOREVER_MS = 3_600_000;

function forever(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('nobody waits so long')), FOREVER_MS));
}

/** Runs `instead` when the reference refuses. */
function onReject(call: Call, instead: (reject: Reject) => Members | Promise<Members>): Members | Promise<Members> {
  try {
    return call.ask();
  } catch (error) {
    if (error instanceof Reject) return instead(error);
    throw error;
  }
}

/** The object with the first digit of its first hexadecimal text changed. */
function spoil(members: Members): Members {
  const entry = Object.entries(members).find(([, value]) => typeof value === 'string' && /^[0-9a-f]+$/.test(value));
  if (!entry) return members;
  const [name, value] = entry as [string, string];
  return { ...members, [name]: `${value.startsWith('0') ? '1' : '0'}${value.slice(1)}` };
}

const answersByOp = new Map<string, Members>();
let calls = 0;
const CALLS_BEFORE_EXIT = 5;

/** Mistakes of the adapter rather than of the cryptography. */
export const adapterFaults: Readonly<Record<string, Behaviour>> = {
  'rejects-everything': {
    evaluate: ({ op, ask }) => {
      try {
        ask();
      } catch (error) {
        // The right class of every refusal: only positive controls see that it refuses the rest too.
        if (error instanceof Reject || error instanceof Unsupported) throw error;
      }
      throw new Reject('frame.parse', undefined, op);
    },
  },
  'crashes-instead-of-rejecting': { evaluate: (call) => onReject(call, () => process.abort()) },
  'errors-instead-of-rejecting': {
    evaluate: (call) =>
      onReject(call, (reject) => {
        throw new Error(reject.class);
      }),
  },
  'hangs-on-one-case': { evaluate: ({ input, ask }) => (input['bytes'] === HYBRID_PREFACE ? forever() : ask()) },
  'answers-late': {
    evaluate: async ({ op, ask }) => {
      if (op === 'hash.blake3') await delay(LATE_MS);
      return ask();
    },
  },
  'exits-early': {
    evaluate: ({ ask }) => {
      calls += 1;
      return calls > CALLS_BEFORE_EXIT ? process.exit(0) : ask();
    },
  },
  'exits-at-once': { info: () => process.exit(0) },
  'runs-nothing': { evaluate: () => ({}) },
  'wrong-answer': { evaluate: ({ op, ask }) => (op === 'hash.blake3' ? spoil(ask()) : ask()) },
  'cached-answer': {
    evaluate: ({ op, ask }) => {
      if (op !== 'padme.pad') return ask();
      const answer = answersByOp.get(op) ?? ask();
      answersByOp.set(op, answer);
      return answer;
    },
  },
  'duplicate-answer': { line: (line) => (line.includes('"protocol"') ? line : line + line) },
  'noise-on-stdout': { line: (line) => (line.includes('"protocol"') ? line : `debug: ${line.length}\n${line}`) },
  'disclaims-its-profile': {
    info: (info) => {
      const capabilities = { ...info.capabilities, 'envelope.open': { unsupported: 'not finished' } };
      return { ...info, capabilities };
    },
    evaluate: ({ op, ask }) => {
      if (op === 'envelope.open') throw new Unsupported(op);
      return ask();
    },
  },
  'disclaims-and-works': {
    info: (info) => ({
      ...info,
      capabilities: { ...info.capabilities, 'hash.blake3': { unsupported: 'not finished' } },
    }),
  },
  'claims-what-it-lacks': {
    evaluate: ({ op, ask }) => {
      if (op === 'cursor.merge') throw new Unsupported(op);
      return ask();
    },
  },
  'answers-unknown-ops': {
    evaluate: ({ ask }) => {
      try {
        return ask();
      } catch (error) {
        if (error instanceof Unsupported) return {};
        throw error;
      }
    },
  },
  'breaks-after-refusing': {
    evaluate: (call) =>
      onReject(call, (reject) => {
        setImmediate(() => process.exit(1));
        throw reject;
      }),
  },
  'accepts-what-it-should-refuse': {
    evaluate: (call) => (call.op === 'frame.decode' ? onReject(call, () => ({ frames: [] })) : call.ask()),
  },
  'wrong-class': {
    evaluate: (call) =>
      onReject(call, (reject) => {
        throw isObject(call.input['invite']) || call.op === 'invite.parse' ? new Reject('handshake.auth') : reject;
      }),
  },
};
