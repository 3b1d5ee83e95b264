import { patterns, type Role } from '@0k-sync/generated/patterns';
import { x25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { SymmetricState } from '../../../spec/compile/reference-state.ts';
import type { Draft } from '../draft.ts';
import { Ends, prologueOf } from '../kit/handshake.ts';
import { hex } from '../kit/labelled.ts';
import { FIRST_LOW_ORDER } from './handshake-faults.ts';

const ZEROS = new Uint8Array(32);
const EMPTY = new Uint8Array(0);

/**
 * HS-05: every key of the other end has small order, so that it knows all shared secrets: its tags open where zeros are
 * taken. Classical: in hybrid the KEM secrets would still tell.
 */
export function zeroFaults(draft: Draft, reader: Role): void {
  const of = 'classical-plain';
  const twin = draft.case(of);
  const ends = new Ends(twin.id);
  draft.negative('classical-all-secrets-zero', {
    of,
    req: ['HS-05'],
    flags: ['LowOrderPoint'],
    comment: 'All keys of the other end have small order, and what it sends opens under secrets of zeros.',
    reject: 'handshake.auth',
    change: { remade: 'secrets of zeros', in: { ...twin.in, receive: forged(ends, reader).map(hex) } },
  });
}

/** The messages of the forger, by the rows of the classical pattern. */
function forged(ends: Ends, reader: Role): Uint8Array[] {
  const own = (key: 'e' | 's') => x25519.getPublicKey(ends.draw(reader, `${key}_x25519`));
  const keysOf = (role: Role, key: 'e' | 's') => (role === reader ? own(key) : FIRST_LOW_ORDER);
  const state = new SymmetricState(patterns.classical.protocolName);
  state.mixHash(prologueOf(patterns.classical.version));
  const first = keysOf('initiator', 'e');
  state.mixHash(first);
  const messages = [concatBytes(first, state.encryptAndHash(EMPTY))];
  const second = keysOf('responder', 'e');
  state.mixHash(second);
  state.mixKey(ZEROS);
  const sealed = state.encryptAndHash(keysOf('responder', 's'));
  state.mixKey(ZEROS);
  messages.push(concatBytes(second, sealed, state.encryptAndHash(EMPTY)));
  const third = state.encryptAndHash(keysOf('initiator', 's'));
  state.mixKey(ZEROS);
  messages.push(concatBytes(third, state.encryptAndHash(EMPTY)));
  return messages.filter((_, index) => patterns.classical.messages[index]?.from !== reader);
}
