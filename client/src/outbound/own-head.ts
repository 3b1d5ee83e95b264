import { equal } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type VerifiedStub, verifyStub } from '@0k-sync/core/envelope';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { Store } from '../store/port.ts';

interface OwnHeadDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly membership: Membership;
  readonly chains: Chains;
}

/** The head of this device's chain at a relay: this device's own word, none, or one that counts for nothing. CL-21. */
export type OwnHead = VerifiedStub | 'none' | 'unauthentic';

/** Verifies the stub that a relay shows as the head of this device's chain. CL-21, EN-28. */
export function readOwnHead({ crypto, membership }: OwnHeadDeps, { ownHead }: HelloAck): OwnHead {
  if (ownHead === undefined) return 'none';
  const verified = verifyStub(crypto, ownHead, membership.groupId);
  return verified.ok && membership.isOwn(verified.value.senderKey) ? verified.value : 'unauthentic';
}

/** Resolves with true when the head that a relay has of this device's chain is a place of that chain here. CL-21. */
export async function isOwnHeadKnown(deps: OwnHeadDeps, { sequence, hash }: VerifiedStub): Promise<boolean> {
  const { store, membership, chains } = deps;
  const { head, headHash } = chains.chainOf(membership.deviceKey);
  if (sequence >= head) return sequence === head && equal(headHash, hash);
  const entry = await store.entryBySequence(membership.deviceKey, sequence);
  return entry === undefined || equal(entry.hash, hash);
}
