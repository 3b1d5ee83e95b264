import { LABEL_BODY, LABEL_ENVELOPE } from '@0k-sync/generated/labels';
import type { Envelope, Stub } from '@0k-sync/generated/wire/envelope';
import { u32, utf8 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';

const bodyLabel = utf8(LABEL_BODY);
const envelopeLabel = utf8(LABEL_ENVELOPE);

/** Computes B, the hash of an envelope's nonce and ciphertext, 32 bytes. EN-12. */
export function bodyHash(
  crypto: CryptoProvider,
  { nonce, ciphertext }: Pick<Envelope, 'nonce' | 'ciphertext'>,
): Uint8Array {
  return crypto.blake3(bodyLabel, nonce, ciphertext);
}

/** Computes H from a header and B, 32 bytes. EN-12. */
export function stubHash(crypto: CryptoProvider, { header, bodyHash }: Pick<Stub, 'header' | 'bodyHash'>): Uint8Array {
  return crypto.blake3(envelopeLabel, u32(header.length), header, bodyHash);
}

/** Computes H, the one name of an envelope, 32 bytes, over its bytes as received. EN-12, EN-13. */
export function envelopeHash(
  crypto: CryptoProvider,
  envelope: Pick<Envelope, 'header' | 'nonce' | 'ciphertext'>,
): Uint8Array {
  return stubHash(crypto, { header: envelope.header, bodyHash: bodyHash(crypto, envelope) });
}
