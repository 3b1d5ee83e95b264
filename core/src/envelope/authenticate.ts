import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { equal } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { type Result, succeed } from '../wire/index.ts';
import { bodyHash, stubHash } from './hash.ts';
import { type ParsedEnvelope, parseEnvelope } from './parse.ts';

/** An envelope of the right form with its H. Whether it is authentic is not known yet. */
export interface HashedEnvelope extends ParsedEnvelope {
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
  /** B, 32 bytes: what the stub has in place of the body. EN-12. */
  readonly bodyHash: Uint8Array;
}

/** Takes the first three steps of EN-20: the form, then H. Errors: those of `parseEnvelope`. */
export function hashEnvelope(crypto: CryptoProvider, envelope: Envelope, groupId: Uint8Array): Result<HashedEnvelope> {
  const parsed = parseEnvelope(envelope, groupId);
  if (!parsed.ok) return parsed;
  const body = bodyHash(crypto, envelope);
  const hash = stubHash(crypto, { header: envelope.header, bodyHash: body });
  return succeed({ ...parsed.value, hash, bodyHash: body });
}

/** Says whether an envelope that is accepted or held is this one, or names its H as `previous`. EN-31. */
export type IsVouched = (envelope: HashedEnvelope) => boolean;

/** Finds the authentic ones among the envelopes of one segment. EN-30 to EN-33. */
export function authenticate(
  crypto: CryptoProvider,
  segment: readonly HashedEnvelope[],
  isVouched: IsVouched,
): ReadonlySet<HashedEnvelope> {
  const steps = authenticateInSteps(crypto, segment, isVouched);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Finds the authentic ones among the envelopes of one segment, one a step. From the highest sequence downwards, a
 * signature is checked only where nothing vouches, so a run costs one check; checking all would give the same. EN-32.
 */
export function* authenticateInSteps(
  crypto: CryptoProvider,
  segment: readonly HashedEnvelope[],
  isVouched: IsVouched,
): Generator<undefined, ReadonlySet<HashedEnvelope>> {
  const authentic = new Set<HashedEnvelope>();
  const vouched = new Vouched();
  for (const envelope of segment.toSorted((a, b) => b.sequence - a.sequence)) {
    const { senderKey, sequence, previous, hash } = envelope;
    const isAuthentic =
      vouched.has(senderKey, sequence, hash) ||
      isVouched(envelope) ||
      crypto.ed25519Verify(envelope.envelope.signature, hash, senderKey);
    if (isAuthentic) {
      authentic.add(envelope);
      vouched.add(senderKey, sequence - 1, previous);
    }
    yield;
  }
  return authentic;
}

/** An H that a successor names, which counts only for the sender and the place before that successor. */
interface VouchedPlace {
  readonly senderKey: Uint8Array;
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** The places of a segment that a successor vouches for, found by the first bytes of H. */
class Vouched {
  readonly #places = new Map<number, VouchedPlace[]>();

  add(senderKey: Uint8Array, sequence: number, hash: Uint8Array): void {
    const key = firstBytes(hash);
    const place = { senderKey, sequence, hash };
    const known = this.#places.get(key);
    if (known === undefined) this.#places.set(key, [place]);
    else known.push(place);
  }

  has(senderKey: Uint8Array, sequence: number, hash: Uint8Array): boolean {
    const places = this.#places.get(firstBytes(hash));
    return places?.some((one) => isPlace(one, senderKey, sequence, hash)) === true;
  }
}

function isPlace(place: VouchedPlace, senderKey: Uint8Array, sequence: number, hash: Uint8Array): boolean {
  return place.sequence === sequence && equal(place.hash, hash) && equal(place.senderKey, senderKey);
}

/** The first 48 bits of H as a number: nobody can make an H that begins as another one does. */
function firstBytes(hash: Uint8Array): number {
  let value = 0;
  for (let index = 0; index < 6; index += 1) value = value * 256 + (hash[index] ?? 0);
  return value;
}
