import { equal, zBase32 } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type VerifiedStub, verifyStub } from '@0k-sync/core/envelope';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { Emitter } from '../async/emitter.ts';
import type { Serial } from '../async/serial.ts';
import type { SyncEvents } from '../events.ts';
import type { Chains } from '../group/chains.ts';
import { storedHead } from '../group/group-setup.ts';
import type { Membership } from '../group/membership.ts';
import type { Store } from '../store/port.ts';
import type { Outbox } from './outbox.ts';

/** Collaborators of the own head's functions. */
export interface OwnHeadDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly membership: Membership;
  readonly chains: Chains;
  readonly outbox: Outbox;
  readonly events: Emitter<SyncEvents>;
  /** Runs everything that changes chains, one piece after the other. */
  readonly serial: Serial;
}

/** The head of this device's chain at a relay: this device's own word, none, or one that counts for nothing. CL-21. */
export type OwnHead = VerifiedStub | 'none' | 'unauthentic';

/** The place of this device's own head at a relay beside its chain here. CL-21. */
export type OwnHeadPlace =
  /** It is a place of this chain, or a place of which this device has nothing. */
  | 'known'
  /** It is above everything that this device knows of its own chain. */
  | 'above'
  /** This device has another envelope in its place. CL-26. */
  | 'forked';

/** Verifies the stub that a relay shows as the head of this device's chain. CL-21, EN-28. */
export function readOwnHead(
  { crypto, membership }: Pick<OwnHeadDeps, 'crypto' | 'membership'>,
  { ownHead }: HelloAck,
): OwnHead {
  if (ownHead === undefined) return 'none';
  const verified = verifyStub(crypto, ownHead, membership.groupId);
  return verified.ok && membership.isOwn(verified.value.senderKey) ? verified.value : 'unauthentic';
}

/** Compares a verified stub of this device with its chain here. CL-21, CL-26. */
export async function compareOwnHead(
  { store, membership, chains }: Pick<OwnHeadDeps, 'store' | 'membership' | 'chains'>,
  { sequence, hash }: VerifiedStub,
): Promise<OwnHeadPlace> {
  const { head, headHash } = chains.chainOf(membership.deviceKey);
  if (sequence > head) return 'above';
  const known = sequence === head ? headHash : (await store.entryBySequence(membership.deviceKey, sequence))?.hash;
  return known === undefined || equal(known, hash) ? 'known' : 'forked';
}

/**
 * Takes over the place that this device's own signature proves: the chain goes on behind it, and what this device has
 * lost below it is reported. What it had sealed and no relay acknowledged is sealed anew. CL-21, CL-28.
 */
export function takeOver(deps: OwnHeadDeps, relay: string, stub: VerifiedStub): Promise<void> {
  const { membership, chains, outbox, store, events, serial } = deps;
  return serial.run(async () => {
    const sender = membership.deviceKey;
    const { head } = chains.chainOf(sender);
    const { sequence, hash } = stub;
    if (sequence <= head) return; // a higher stub was taken over meanwhile
    await outbox.unseal(sender, sequence);
    const [chain, proven] = [{ sender, sequence, hash }, storedHead(stub)];
    await store.commit([
      { kind: 'chain', chain },
      { kind: 'head', head: proven },
    ]);
    chains.setChain(chain);
    membership.setHead(proven);
    events.emit('expired', { relay, sender: zBase32(sender), from: head + 1, to: sequence });
  });
}
