import { LABEL_CLAIM_TOKEN } from '@0k-sync/generated/labels';
import { concat, utf8 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';

const CLAIM_TOKEN_BYTES = 16;
const NO_SALT = new Uint8Array(0);

/**
 * Derives the token, 16 bytes, with which one device claims one mailbox, so that it can claim again in a new process.
 * PA-20.
 *
 * @param seed the device seed, 32 bytes
 * @param mailboxId 16 bytes
 */
export function claimTokenOf(crypto: CryptoProvider, seed: Uint8Array, mailboxId: Uint8Array): Uint8Array {
  return crypto.hkdf(seed, NO_SALT, concat(utf8(LABEL_CLAIM_TOKEN), mailboxId), CLAIM_TOKEN_BYTES);
}
