import { stubHash } from '@0k-sync/core/envelope';
import { EnvelopeHeader, type Stub } from '@0k-sync/generated/wire/envelope';
import { crypto } from '../crypto/provider.ts';

/** The place that a stub names in its sender's chain. */
export interface Place {
  /** 0 without a stub. */
  readonly sequence: number;
  /** H, 32 bytes; empty without a stub. */
  readonly hash: Uint8Array;
}

/** Reads the place of a stub without checking its signature. */
export function placeOf(stub: Stub | undefined): Place {
  if (stub === undefined) return { sequence: 0, hash: new Uint8Array() };
  return { sequence: Number(EnvelopeHeader.decode(stub.header).sequence), hash: stubHash(crypto, stub) };
}
