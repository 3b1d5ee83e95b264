import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { toHex } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { type Result, succeed } from '../wire/index.ts';
import { envelopeHash } from './hash.ts';
import { type ParsedEnvelope, parseEnvelope } from './parse.ts';

/** An envelope of the right form with its H. Whether it is authentic is not known yet. */
export interface HashedEnvelope extends ParsedEnvelope {
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** Takes the first three steps of EN-20: the form, then H. Errors: those of `parseEnvelope`. */
export function hashEnvelope(crypto: CryptoProvider, envelope: Envelope, groupId: Uint8Array): Result<HashedEnvelope> {
  const parsed = parseEnvelope(envelope, groupId);
  return parsed.ok ? succeed({ ...parsed.value, hash: envelopeHash(crypto, envelope) }) : parsed;
}

/**
 * Finds the authentic ones among the envelopes of one segment. From the highest sequence downwards, a signature is
 * checked only where nothing vouches, so a run costs one check; checking all would give the same. EN-30 to EN-33.
 * @param isVouched says whether an envelope that is accepted or held is this one, or names its H as `previous`
 */
export function authenticate(
  crypto: CryptoProvider,
  segment: readonly HashedEnvelope[],
  isVouched: (envelope: HashedEnvelope) => boolean,
): ReadonlySet<HashedEnvelope> {
  const authentic = new Set<HashedEnvelope>();
  const vouched = new Set<string>();
  for (const envelope of segment.toSorted((a, b) => b.sequence - a.sequence)) {
    const { senderKey, sequence, previous, hash } = envelope;
    const isAuthentic =
      vouched.has(nameOf(senderKey, sequence, hash)) ||
      isVouched(envelope) ||
      crypto.ed25519Verify(envelope.envelope.signature, hash, senderKey);
    if (!isAuthentic) continue;
    authentic.add(envelope);
    vouched.add(nameOf(senderKey, sequence - 1, previous));
  }
  return authentic;
}

/** An H counts only for the sender and the place that its successor has. */
function nameOf(senderKey: Uint8Array, sequence: number, hash: Uint8Array): string {
  return `${toHex(senderKey)}/${sequence}/${toHex(hash)}`;
}
