import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { residentMb } from '../bench/process-usage.ts';
import { type BenchRelay, withRelay } from '../bench/relay-process.ts';
import type { Attack } from './attack.ts';
import type { Seen } from './quiet-device.ts';

const ATTACKER = fileURLToPath(new URL('./attacker.ts', import.meta.url));
const QUIET = fileURLToPath(new URL('./quiet.ts', import.meta.url));
const WARM_MS = 3000;
const ALONE_MS = 5000;
const ATTACK_MS = 12_000;
const AFTERWARDS_MS = 30_000;
const SAMPLE_MS = 100;

/** One attack, measured beside a quiet device of another group. */
export interface Measured {
  readonly attack: Attack;
  /** The quiet device before the attack, and beside it. */
  readonly alone: Seen;
  readonly beside: Seen;
  /** The relay's resident memory above what it was before, at its most and `AFTERWARDS_MS` after the attack, MB. */
  readonly peakMb: number;
  readonly afterwardsMb: number;
  /** Acknowledged envelopes of the quiet device that the relay has no more. */
  readonly lost: number;
}

/** Measures one attack with a relay of its own. */
export function measure(attack: Attack): Promise<Measured> {
  return withRelay(async (relay) => {
    const { host, port } = relay.address;
    const quiet = fork(QUIET, [host, String(port)]);
    try {
      await delay(WARM_MS);
      await ask<Seen>(quiet, 'take', 'seen');
      const idleMb = residentMb(relay.pid);
      await delay(ALONE_MS);
      const alone = await ask<Seen>(quiet, 'take', 'seen');
      const peakMb = await underAttack(attack, relay);
      const beside = await ask<Seen>(quiet, 'take', 'seen');
      if (attack.takesMemory) await delay(AFTERWARDS_MS);
      const afterwardsMb = residentMb(relay.pid) - idleMb;
      const lost = await ask<number>(quiet, 'finish', 'lost');
      return { attack, alone, beside, peakMb: peakMb - idleMb, afterwardsMb, lost };
    } finally {
      quiet.kill('SIGKILL');
    }
  });
}

/** Runs the attack in a process of its own. @returns the most memory of the relay meanwhile, MB */
async function underAttack(attack: Attack, { address, pid }: BenchRelay): Promise<number> {
  const attacker = fork(ATTACKER, [attack.title, address.host, String(address.port)]);
  const gone = once(attacker, 'exit');
  try {
    await told(attacker, 'begun');
    let peakMb = 0;
    for (let passedMs = 0; passedMs < ATTACK_MS; passedMs += SAMPLE_MS) {
      await delay(SAMPLE_MS);
      peakMb = Math.max(peakMb, residentMb(pid));
    }
    // An attacker that fell asleep wakes up, and leaves as the others do.
    attacker.kill('SIGCONT');
    attacker.send('stop');
    await Promise.race([gone, delay(ATTACK_MS)]);
    return peakMb;
  } finally {
    attacker.kill('SIGKILL');
  }
}

function ask<Value>(child: ChildProcess, question: string, answer: string): Promise<Value> {
  const answered = told<Value>(child, answer);
  child.send(question);
  return answered;
}

/** Resolves with the value that a child tells under that name. */
function told<Value>(child: ChildProcess, name: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a process ended with ${code} before it told ${name}`));
    const onMessage = (message: Record<string, Value>): void => {
      if (!(name in message)) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message[name] as Value);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}
