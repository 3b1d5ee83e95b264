import { LABEL_ENVELOPE } from '@0k-sync/generated/labels';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { u32, utf8 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';

const label = utf8(LABEL_ENVELOPE);

/** Computes H, the one name of an envelope, 32 bytes, over its bytes as received. EN-12, EN-13. */
export function envelopeHash(
  crypto: CryptoProvider,
  { header, nonce, ciphertext }: Pick<Envelope, 'header' | 'nonce' | 'ciphertext'>,
): Uint8Array {
  return crypto.blake3(label, u32(header.length), header, nonce, ciphertext);
}
