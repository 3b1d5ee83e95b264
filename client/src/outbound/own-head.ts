import { equal } from '@0k-sync/core/bytes';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { Store } from '../store/port.ts';

interface OwnHeadDeps {
  readonly store: Store;
  readonly membership: Membership;
  readonly chains: Chains;
}

/** Resolves with true when the head that a relay has of this device's chain is a place of that chain here. CL-21. */
export async function isOwnHeadKnown(deps: OwnHeadDeps, helloAck: HelloAck): Promise<boolean> {
  const { store, membership, chains } = deps;
  const sequence = Number(helloAck.ownSequence);
  const { head, headHash } = chains.chainOf(membership.deviceKey);
  if (sequence === 0) return true;
  if (sequence >= head) return sequence === head && equal(headHash, helloAck.ownHash);
  const entry = await store.entryBySequence(membership.deviceKey, sequence);
  return entry === undefined || equal(entry.hash, helloAck.ownHash);
}
