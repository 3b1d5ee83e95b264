import type { Envelope, Stub } from '@0k-sync/generated/wire/envelope';
import type { CryptoProvider } from '../crypto/index.ts';
import { fail, type Result, succeed } from '../wire/index.ts';
import { bodyHash, stubHash } from './hash.ts';
import { type ParsedHeader, parseHeader } from './parse.ts';

/** A stub whose signature verifies: its sender's own word for one place of its chain. EN-28. */
export interface VerifiedStub extends ParsedHeader {
  readonly stub: Stub;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** Makes the stub of an envelope: what its sender signed, without the ciphertext. EN-28. */
export function stubOf(
  crypto: CryptoProvider,
  envelope: Pick<Envelope, 'header' | 'nonce' | 'ciphertext' | 'signature'>,
): Stub {
  const { header, signature } = envelope;
  return { header, bodyHash: bodyHash(crypto, envelope), signature };
}

/**
 * Verifies a stub. Errors: those of `parseHeader`, and ENVELOPE_UNAUTHENTIC. EN-28.
 * @param groupId the session's group, 32 bytes
 */
export function verifyStub(crypto: CryptoProvider, stub: Stub, groupId: Uint8Array): Result<VerifiedStub> {
  const parsed = parseHeader(stub.header, groupId);
  if (!parsed.ok) return parsed;
  const hash = stubHash(crypto, stub);
  return crypto.ed25519Verify(stub.signature, hash, parsed.value.senderKey)
    ? succeed({ ...parsed.value, stub, hash })
    : fail('ENVELOPE_UNAUTHENTIC', 'The signature does not verify.');
}
