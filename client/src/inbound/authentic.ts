import { equal } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { authenticateInSteps, type HashedEnvelope } from '@0k-sync/core/envelope';
import { pause } from '../async/pause.ts';
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
  for (const envelope of segment) {
    // Nothing above the head of a chain is accepted.
    const isAbove = envelope.sequence > batch.chainOf(envelope.senderKey).head;
    if (isHeld(deps, envelope) || (!isAbove && (await isAccepted(deps, envelope)))) vouched.add(envelope);
  }
  const steps = authenticateInSteps(deps.crypto, segment, (envelope) => vouched.has(envelope));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (batch.countStep()) await pause();
  }
}

/** True if the envelope is held, or if a held one names it as `previous`. EN-22, EN-31. */
function isHeld({ held }: AuthenticDeps, { senderKey, sequence, hash }: HashedEnvelope): boolean {
  return held.has(hash) || held.vouchFor(senderKey, sequence, hash);
}

/** True if the envelope is accepted, or if an accepted one names it as `previous`. EN-22, EN-31. */
async function isAccepted({ store }: AuthenticDeps, { senderKey, sequence, hash }: HashedEnvelope): Promise<boolean> {
  if ((await store.entryByHash(hash)) !== undefined) return true;
  const next = await store.entryBySequence(senderKey, sequence + 1);
  return next !== undefined && equal(next.previous, hash);
}
