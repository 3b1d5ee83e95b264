import { equal } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { bodyHash, encodeHeader, type ParsedHeader, pad } from '@0k-sync/core/envelope';
import type { Envelope, Stub } from '@0k-sync/generated/wire/envelope';
import { SyncError } from '../error.ts';
import type { LogEntry } from '../store/types.ts';
import type { Membership } from './membership.ts';

/** The stub of a stored entry. `groupId` has 32 bytes. EN-28. */
export function stubOfEntry(groupId: Uint8Array, entry: LogEntry): Stub {
  const { bodyHash, signature } = entry;
  return { header: headerOf(groupId, entry), bodyHash, signature };
}

/**
 * The envelope of a stored entry, byte for byte as it was sealed: nothing in it was ever a choice but nonce and content.
 * @throws SyncError kind `store` when the entry is damaged: other content never goes out under its nonce. CL-22, EN-10.
 */
export function envelopeOfEntry(crypto: CryptoProvider, membership: Membership, entry: LogEntry): Envelope {
  const { nonce, signature } = entry;
  const header = headerOf(membership.groupId, entry);
  const ciphertext = membership.keysOfEpoch(entry.epoch)?.seal(nonce, header, pad(entry.plaintext));
  if (ciphertext === undefined || !equal(bodyHash(crypto, { nonce, ciphertext }), entry.bodyHash)) {
    throw new SyncError('store', `The stored message ${entry.sequence} of this device is damaged.`, {
      hint: 'Restore the data directory from a copy, or join the group again with a new one.',
    });
  }
  return { header, nonce, ciphertext, signature, cursor: 0n, receivedAtMs: 0n };
}

function headerOf(
  groupId: Uint8Array,
  { sender: senderKey, sequence, previous, epoch, contentType }: LogEntry,
): Uint8Array {
  const fields = { senderKey, sequence, previous, epoch, contentType: contentType as ParsedHeader['contentType'] };
  return encodeHeader(groupId, fields);
}
