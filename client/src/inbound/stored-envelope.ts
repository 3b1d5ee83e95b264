import type { CryptoProvider } from '@0k-sync/core/crypto';
import { bodyHash, type HashedEnvelope, parseEnvelope } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';

/** An envelope of the store with its H, which was checked when it came. */
export function hashedOf(
  crypto: CryptoProvider,
  envelope: Envelope,
  hash: Uint8Array,
  groupId: Uint8Array,
): HashedEnvelope {
  const parsed = parseEnvelope(envelope, groupId);
  if (!parsed.ok) throw new TypeError('the form of a stored envelope was checked when it came');
  return { ...parsed.value, hash, bodyHash: bodyHash(crypto, envelope) };
}
