import { concat, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { HandshakeState } from '@0k-sync/core/noise';
import { reduced } from '../eval/crypto-faults.ts';

const KEY_BYTES = 1184;
/** Offset of the encapsulation key in message 2 of the hybrid suite, behind `ekem` and the X25519 key. */
const KEY_OFFSET = 1088 + 32;
const MESSAGE_2_BYTES = 3568;

/** Keys as they came, by what was made of them. */
const came = new Map<string, Uint8Array>();

/** Every handshake of this process computes with reduced coefficients and checks none. */
export function reduceKeys(): void {
  const honest = HandshakeState.prototype.readMessage;
  HandshakeState.prototype.readMessage = function (this: HandshakeState, message) {
    if (message.length !== MESSAGE_2_BYTES) return honest.call(this, message);
    const end = KEY_OFFSET + KEY_BYTES;
    const key = message.slice(KEY_OFFSET, end);
    const inner = reduced(key);
    came.set(toHex(inner), key);
    return honest.call(this, concat(message.subarray(0, KEY_OFFSET), inner, message.subarray(end)));
  };
}

/** The transcript holds the key as it came. */
export function hashingWhatCame(honest: CryptoProvider): CryptoProvider {
  const before = (part: Uint8Array) => (part.length === KEY_BYTES ? (came.get(toHex(part)) ?? part) : part);
  return { ...honest, hash: (name, ...parts) => honest.hash(name, ...parts.map(before)) };
}
