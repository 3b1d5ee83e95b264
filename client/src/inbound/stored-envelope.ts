import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type HashedEnvelope, parseEnvelope, stubOf } from '@0k-sync/core/envelope';
import { Envelope, EnvelopeHeader, Stub } from '@0k-sync/generated/wire/envelope';
import type { LogEntry } from '../store/types.ts';

/** `previous` of a stored entry, 32 bytes; undefined without an entry. */
export function previousOf(entry: Pick<LogEntry, 'envelope'> | undefined): Uint8Array | undefined {
  return entry && EnvelopeHeader.decode(Envelope.decode(entry.envelope).header).previous;
}

/** The encoded stub of a stored entry. EN-28. */
export function storedStub(crypto: CryptoProvider, entry: Pick<LogEntry, 'envelope'>): Uint8Array {
  return Stub.encode(stubOf(crypto, Envelope.decode(entry.envelope))).finish();
}

/** An envelope of the store with its H, which was checked when it came. */
export function hashedOf(envelope: Envelope, hash: Uint8Array, groupId: Uint8Array): HashedEnvelope {
  const parsed = parseEnvelope(envelope, groupId);
  if (!parsed.ok) throw new TypeError('the form of a stored envelope was checked when it came');
  return { ...parsed.value, hash };
}
