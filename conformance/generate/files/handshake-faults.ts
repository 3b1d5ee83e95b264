import { patterns, type Role, type SuiteName } from '@0k-sync/generated/patterns';

/** A point of order 8. */
export const FIRST_LOW_ORDER = Uint8Array.from(
  Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex'),
);

/** The same encapsulation key with its first two coefficients at 4095. */
export function notReduced(key: Uint8Array): Uint8Array {
  const out = Uint8Array.from(key);
  out.fill(255, 0, 3);
  return out;
}

/** A part of a message and the last byte of it. */
export interface Region {
  /** Number of the message, from 1. */
  readonly message: number;
  /** Index among the messages of its writer. */
  readonly index: number;
  readonly name: string;
  readonly at: number;
  readonly flag: string;
  readonly req: readonly string[];
}

const X25519 = 32;
const TAG = 16;
const MLKEM_KEY = 1184;
const MLKEM_CIPHERTEXT = 1088;

/** Every part that one end writes and that something authenticates: not message 1, of which nobody can tell yet. */
export function regionsOf(suite: SuiteName, writer: Role): readonly Region[] {
  const isHybrid = suite === 'hybrid';
  const regions: Region[] = [];
  let index = 0;
  for (const [row, { from, tokens }] of patterns[suite].messages.entries()) {
    if (from !== writer) continue;
    let end = 0;
    const part = (name: string, length: number, flag: string, req: readonly string[] = []) => {
      end += length;
      if (row > 0) regions.push({ message: row + 1, index, name, at: end - 1, flag, req });
    };
    for (const token of tokens) {
      if (token === 'e') {
        part('ephemeral-key', X25519, 'TranscriptUnbound');
        // The last 32 bytes of an encapsulation key are a seed: no bit of them makes it invalid.
        if (isHybrid) part('ephemeral-kem-key', MLKEM_KEY, 'TranscriptUnbound');
      } else if (token === 's') {
        part('static-key', X25519, 'HandshakeTagUnchecked');
        part('static-key-tag', TAG, 'HandshakeTagUnchecked');
        if (isHybrid) part('static-kem-key', MLKEM_KEY, 'HandshakeTagUnchecked');
        if (isHybrid) part('static-kem-key-tag', TAG, 'HandshakeTagUnchecked');
      } else if (token === 'ekem') {
        part('ephemeral-kem-ciphertext', MLKEM_CIPHERTEXT, 'KemSecretIgnored', ['HS-07']);
      } else if (token === 'skem') {
        part('static-kem-ciphertext', MLKEM_CIPHERTEXT, 'HandshakeTagUnchecked');
        part('static-kem-ciphertext-tag', TAG, 'HandshakeTagUnchecked');
      }
    }
    part('payload-tag', TAG, 'HandshakeTagUnchecked');
    index += 1;
  }
  return regions;
}
