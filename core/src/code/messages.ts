import { concat, u64 } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';

/** Length of each end's half of sid, bytes. CO-10. */
export const SID_BYTES = 16;
/** Length of the random bytes that a scalar comes from. CO-12. */
export const SCALAR_BYTES = 64;

/** The primitives of an exchange. */
export interface CodeDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
}

/** The offer of the creator to one joiner. Everything in it is public. */
export interface CodeOffer {
  /** The creator's device key, 32 bytes. */
  readonly creator: Uint8Array;
  /** 16 bytes. */
  readonly mailboxId: Uint8Array;
  /** Milliseconds since 1970, by the relay's clock. */
  readonly expiresAtMs: number;
  /** sid_a, 16 bytes. */
  readonly sid: Uint8Array;
  /** Ya, 32 bytes. */
  readonly share: Uint8Array;
}

/** The answer of the joiner to an offer. Everything in it is public. */
export interface CodeReply {
  /** ADb: the canonical JoinRequest. */
  readonly joinRequest: Uint8Array;
  /** Yb, 32 bytes. */
  readonly share: Uint8Array;
  /** Tb, 64 bytes. CO-14. */
  readonly confirmation: Uint8Array;
}

/** The grant for a joiner whose confirmation was right. */
export interface CodeGrant {
  /** Ta, 64 bytes. CO-15. */
  readonly confirmation: Uint8Array;
  /** The sealed Welcome. CO-20. */
  readonly payload: Uint8Array;
}

/** ADa: creator || mailbox id || u64(expiry). CO-11. */
export function offerData({ creator, mailboxId, expiresAtMs }: Omit<CodeOffer, 'sid' | 'share'>): Uint8Array {
  return concat(creator, mailboxId, u64(BigInt(expiresAtMs)));
}
