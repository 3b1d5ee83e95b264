import { patterns, type Role } from '@0k-sync/generated/patterns';
import { x25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { SymmetricState } from '../../../spec/compile/reference-state.ts';
import { type Ends, prologueOf } from './handshake.ts';

const ZEROS = new Uint8Array(32);
const EMPTY = new Uint8Array(0);
/** A point of order 8. */
export const LOW_ORDER = Uint8Array.from(
  Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex'),
);

/**
 * The messages of an end whose keys all have small order, so that it knows all shared secrets: its tags open where zeros
 * are taken. Classical: in hybrid the KEM secrets would still tell. HS-05.
 */
export function zeroMessages(ends: Ends, reader: Role): Uint8Array[] {
  const own = (key: 'e' | 's') => x25519.getPublicKey(ends.draw(reader, `${key}_x25519`));
  const keysOf = (role: Role, key: 'e' | 's') => (role === reader ? own(key) : LOW_ORDER);
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
