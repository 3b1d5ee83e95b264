import { concat, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type DrawName, HandshakeState, keyPairs, type NoiseSuite, noiseSuites } from '@0k-sync/core/noise';
import type { Role } from '@0k-sync/generated/patterns';
import { bytes } from '../crypto/providers.ts';

/** The secrets of one end by their names in a transcript, in hexadecimal. */
export type Secrets = Readonly<Partial<Record<DrawName | 's_x25519' | 's_mlkem_d' | 's_mlkem_z', string | undefined>>>;

/** The state after a token, as a transcript writes it down. */
export interface Step {
  readonly token: string;
  readonly h: string;
  readonly ck: string;
  readonly k: string | null;
  readonly n: number;
}

export interface EndConfig {
  readonly crypto: CryptoProvider;
  readonly suite: NoiseSuite;
  readonly role: Role;
  readonly prologue: Uint8Array;
  readonly secrets: Secrets;
}

/** One end of a handshake with fixed secrets, and the states that it went through. */
export interface End {
  readonly handshake: HandshakeState;
  readonly steps: Step[];
}

export function startEnd({ crypto, suite, role, prologue, secrets }: EndConfig): End {
  const steps: Step[] = [];
  const { s_x25519, s_mlkem_d, s_mlkem_z } = secrets;
  const seed = s_mlkem_d === undefined ? undefined : concat(bytes(s_mlkem_d), bytes(s_mlkem_z));
  const handshake = new HandshakeState({
    crypto,
    suite,
    role,
    prologue,
    staticKeys: keyPairs(crypto, bytes(s_x25519), seed),
    draws: (name) => bytes(secrets[name]),
    observe: (token, { h, ck, k, n }) => {
      steps.push({ token, h: toHex(h), ck: toHex(ck), k: k === undefined ? null : toHex(k), n: Number(n) });
    },
  });
  return { handshake, steps };
}

export type Ends = Readonly<Record<Role, End>>;

/** Writes at one end and returns the message. */
export function write({ handshake }: End, payload: Uint8Array): Uint8Array {
  const written = handshake.writeMessage(payload);
  if (!written.ok) throw new Error(`writing failed: ${written.class}`);
  return written.message;
}

/** Reads at one end and returns the payload. */
export function read({ handshake }: End, message: Uint8Array): Uint8Array {
  const result = handshake.readMessage(message);
  if (!result.ok) throw new Error(`reading failed: ${result.class}`);
  return result.payload;
}

export function other(role: Role): Role {
  return role === 'initiator' ? 'responder' : 'initiator';
}

/** Makes secrets for tests without a vector: every draw is one byte, repeated. */
export function plainSecrets(first: number): Secrets {
  const names = ['e_x25519', 'e_mlkem_d', 'e_mlkem_z', 'ekem_m', 'skem_m', 's_x25519', 's_mlkem_d', 's_mlkem_z'];
  return Object.fromEntries(names.map((name, index) => [name, toHex(new Uint8Array(32).fill(first + index))]));
}

export type SuiteKey = keyof typeof noiseSuites;
export const suiteKeys: readonly SuiteKey[] = ['classical', 'hybrid'];

/** Makes both ends of a suite, before the first message. */
export function startEnds(crypto: CryptoProvider, suite: SuiteKey, responder: Partial<EndConfig> = {}): Ends {
  const common = { crypto, suite: noiseSuites[suite], prologue: Uint8Array.of(1, 2, 3) };
  return {
    initiator: startEnd({ ...common, role: 'initiator', secrets: plainSecrets(1) }),
    responder: startEnd({ ...common, role: 'responder', secrets: plainSecrets(101), ...responder }),
  };
}

/** Runs the first `count` messages with empty payloads and returns them. */
export function runMessages(ends: Ends, suite: SuiteKey, count: number): Uint8Array[] {
  return noiseSuites[suite].messages.slice(0, count).map(({ from }) => {
    const message = write(ends[from], new Uint8Array(0));
    read(ends[other(from)], message);
    return message;
  });
}
