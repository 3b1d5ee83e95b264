import type { CryptoProvider } from '../crypto/index.ts';
import type { EpochKeys } from '../group/index.ts';
import type { ChainPosition, VerifiedRotation } from './chain.ts';
import { type OpenedEpoch, openRotation } from './state.ts';

/** The epochs of a chain, opened from its newest secret. */
export interface History {
  /** Ascending, one for each rotation. */
  readonly epochs: readonly OpenedEpoch[];
  /** The keys of the epoch before the first rotation. */
  readonly base: EpochKeys;
}

/**
 * Walks from the newest epoch down to the position before the chain: each state holds the secret before it. Undefined unless
 * every step verifies; receipts are not judged here. RO-04.
 * @param newest the keys of the last rotation's epoch; owned, and wiped when nothing comes back
 * @param chain verified rotations, ascending from the position
 */
export function openHistory(
  crypto: CryptoProvider,
  position: ChainPosition,
  chain: readonly VerifiedRotation[],
  newest: EpochKeys,
): History | undefined {
  const epochs: OpenedEpoch[] = [];
  let keys = newest;
  for (let index = chain.length - 1; index >= 0; index -= 1) {
    const { body, hash } = chain[index] as VerifiedRotation;
    const opened = openRotation(crypto, keys, body, chain[index - 1]?.body.authKey ?? position.authKey);
    if (opened === undefined) {
      for (const one of [keys, ...epochs.map((epoch) => epoch.keys)]) one.wipe();
      return undefined;
    }
    epochs.unshift({ keys, relays: opened.relays, hash });
    keys = opened.previous;
  }
  return { epochs, base: keys };
}
