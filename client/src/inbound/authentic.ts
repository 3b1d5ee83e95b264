import { equal } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { authenticateInSteps, type HashedEnvelope } from '@0k-sync/core/envelope';
import type { Store } from '../store/port.ts';
import type { HeldEnvelopes } from './held.ts';
import type { IntakeBatch } from './intake-batch.ts';

/** Collaborators of findAuthentic. */
export interface AuthenticDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly held: HeldEnvelopes;
}

/** Finds the authentic ones of a segment, and lets the event loop serve others meanwhile. EN-30 to EN-33. */
export async function findAuthentic(
  deps: AuthenticDeps,
  batch: IntakeBatch,
  segment: readonly HashedEnvelope[],
): Promise<ReadonlySet<HashedEnvelope>> {
  const vouched = new Set<HashedEnvelope>();
  for (const envelope of segment) if (await isVouched(deps, batch, envelope)) vouched.add(envelope);
  const steps = authenticateInSteps(deps.crypto, segment, (envelope) => vouched.has(envelope));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await batch.countStep();
  }
}

/** True if the envelope is accepted or held, or if an accepted or held one names it as `previous`. EN-22, EN-31. */
async function isVouched(
  { store, held }: AuthenticDeps,
  batch: IntakeBatch,
  { senderKey, sequence, hash }: HashedEnvelope,
): Promise<boolean> {
  if (held.has(hash) || held.vouchFor(senderKey, sequence, hash)) return true;
  if (sequence > batch.chainOf(senderKey).head) return false; // nothing at or above it is accepted
  if ((await store.entryByHash(hash)) !== undefined) return true;
  const next = await store.entryBySequence(senderKey, sequence + 1);
  return next !== undefined && equal(next.previous, hash);
}
