// Handshakes by the interpreter of the pattern tables, which shares no code with core.
import { patterns, type Role, type SuiteName } from '@0k-sync/generated/patterns';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Forge, Party } from '../../../spec/compile/reference.ts';
import type { Json, JsonObject } from '../model.ts';
import { hex, labelled } from './labelled.ts';

/** The secrets of both ends, named as a transcript names them: `s_x25519`, `e_mlkem_d`, `skem_m`, … */
export class Ends {
  readonly #id: string;
  /** `id`: what every value is the labelled hash of. */
  constructor(id: string) {
    this.#id = id;
  }

  draw(role: Role, name: string): Uint8Array {
    return labelled(this.#id, `${role}/${name}`);
  }

  /** d || z. */
  mlkem(role: Role, key: 'e' | 's'): Uint8Array {
    return concatBytes(this.draw(role, `${key}_mlkem_d`), this.draw(role, `${key}_mlkem_z`));
  }
}

/** HS-01. */
export function prologueOf(version: number): Uint8Array {
  return concatBytes(utf8ToBytes(`0k-sync/${version}`), Uint8Array.of(0x30, 0x4b, version, 0));
}

export interface Options {
  readonly prologue?: Uint8Array;
  readonly payloads?: readonly Uint8Array[];
  /** The end that is dishonest, with what it sends instead of a key or ciphertext of its own. */
  readonly forger?: Role;
  readonly forge?: Forge;
  /** Number of messages that are run; later ones may be impossible after a forgery. */
  readonly count?: number;
}

/** The messages of a handshake, and its results at both ends. */
export interface Run {
  readonly messages: readonly Uint8Array[];
  readonly handshakeHash: Uint8Array;
  readonly initiatorToResponder: Uint8Array;
  readonly responderToInitiator: Uint8Array;
}

export function runHandshake(suite: SuiteName, ends: Ends, options: Options = {}): Run {
  const { version, protocolName, messages: rows } = patterns[suite];
  const { prologue = prologueOf(version), payloads = [], forger, forge, count = rows.length } = options;
  const party = (role: Role) =>
    new Party(role, protocolName, prologue, (name) => ends.draw(role, name), role === forger ? forge : undefined);
  const parties = { initiator: party('initiator'), responder: party('responder') };
  const messages = rows.slice(0, count).map(({ from, tokens }, index) => {
    const { bytes } = parties[from].write(tokens, payloads[index] ?? new Uint8Array(0));
    // The last message of a forgery is for the vector's reader, not for this one.
    const isLast = index === count - 1 && forger !== undefined;
    if (!isLast) parties[from === 'initiator' ? 'responder' : 'initiator'].read(tokens, bytes);
    return bytes;
  });
  const keys = parties.initiator.split();
  return { messages, handshakeHash: parties.initiator.snapshot.h, ...keys };
}

/** The messages that one role writes, or reads. */
export function messagesOf(suite: SuiteName, { messages }: Run, writer: Role): Uint8Array[] {
  return messages.filter((_, index) => patterns[suite].messages[index]?.from === writer);
}

/** `s_x25519` and, in hybrid, `s_mlkem` of one end. */
export function staticsJson(suite: SuiteName, ends: Ends, role: Role): JsonObject {
  const secret = { s_x25519: hex(ends.draw(role, 's_x25519')) };
  return suite === 'hybrid' ? { ...secret, s_mlkem: hex(ends.mlkem(role, 's')) } : secret;
}

/** The named draws of one end. HS-10. */
export function drawsJson(suite: SuiteName, ends: Ends, role: Role): JsonObject {
  const hybrid = ['e_mlkem_d', 'e_mlkem_z', ...(role === 'responder' ? ['ekem_m'] : []), 'skem_m'];
  const names = ['e_x25519', ...(suite === 'hybrid' ? hybrid : [])];
  return Object.fromEntries(names.map((name): [string, Json] => [name, hex(ends.draw(role, name))]));
}
