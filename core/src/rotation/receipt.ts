import { LABEL_ROTATION_RECEIPT } from '@0k-sync/generated/labels';
import { concat, utf8, zBase32 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';

const CODE_CHARACTERS = 10;

/** Returns the bytes that an anchor signs: label || R. RO-16. */
export function receiptTranscript(hash: Uint8Array): Uint8Array {
  return concat(utf8(LABEL_ROTATION_RECEIPT), hash);
}

/**
 * Tells whether a relay has receipted a rotation. RO-03.
 * @param hash R of the rotation, 32 bytes
 * @param signingKey the relay's pinned Ed25519 key, 32 bytes; an empty one receipts nothing
 */
export function isReceipt(
  crypto: CryptoProvider,
  hash: Uint8Array,
  receipt: Uint8Array,
  signingKey: Uint8Array,
): boolean {
  return signingKey.length > 0 && crypto.ed25519Verify(receipt, receiptTranscript(hash), signingKey);
}

/** Returns the code of a forced rotation that two people compare: 10 characters of z-base-32. RO-13. */
export function rotationCode(hash: Uint8Array): string {
  return zBase32(hash).slice(0, CODE_CHARACTERS);
}
