import { zBase32 } from '@0k-sync/core/bytes';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { Store } from '../store/port.ts';
import type { RelayKey, StoredExpiry } from '../store/types.ts';
import type { IntakeBatch } from './intake-batch.ts';

interface LossesDeps {
  readonly store: Store;
  readonly events: Emitter<SyncEvents>;
  readonly membership: Membership;
  readonly chains: Chains;
}

/** Tells what a relay no longer has, or withholds. CL-08, CL-11. */
export class Losses {
  readonly #deps: LossesDeps;
  /** Relays that removed something which this device lacks. */
  readonly #expired: Set<RelayKey>;
  /** The places that were reported as withheld, by relay, sender and sequence. */
  readonly #withheld = new Set<string>();
  /** The number of own envelopes that a relay answered as REMOVED since its log was last read. */
  readonly #ownRemoved = new Map<RelayKey, number>();

  constructor(deps: LossesDeps, expired: readonly StoredExpiry[]) {
    this.#deps = deps;
    this.#expired = new Set(expired.map(({ relay }) => relay));
  }

  /** The relay had so many own envelopes, and removed them before it told their cursors. CL-08. */
  noteOwnRemoved(relay: RelayKey, count: number): void {
    this.#ownRemoved.set(relay, (this.#ownRemoved.get(relay) ?? 0) + count);
  }

  /** Keeps and reports the removed cursors above `after` that this device has no envelope of. CL-08. */
  async noteRemoved(batch: IntakeBatch, relay: ProvenRelay, after: number, through: number): Promise<void> {
    const had = await this.#deps.store.placedCursors(relay.key, after + 1, through);
    if (this.#areAllOwn(relay.key, through - after - had.length)) return;
    let from = after + 1;
    for (const cursor of [...had, through + 1]) {
      if (cursor > from) this.#expire(batch, relay, from, cursor - 1);
      from = cursor + 1;
    }
  }

  /** Reports proven heads that a relay which was read to its head has not delivered. CL-11. */
  reportWithheld(relay: ProvenRelay): void {
    const { membership, chains, events } = this.#deps;
    this.#ownRemoved.delete(relay.key);
    if (this.#expired.has(relay.key)) return;
    for (const { sender, sequence: to } of membership.heads) {
      const { head } = chains.chainOf(sender);
      const key = `${relay.key}/${zBase32(sender)}/${to}`;
      if (head >= to || this.#withheld.has(key)) continue;
      this.#withheld.add(key);
      events.emit('withheld', { relay: relay.address, sender: zBase32(sender), from: head + 1, to });
    }
  }

  /**
   * Own envelopes that were answered as REMOVED all lie in the first stretch that was removed unread: as many cursors as
   * those are theirs alone, unless an earlier stretch has some of them.
   */
  #areAllOwn(relay: RelayKey, lacking: number): boolean {
    const own = this.#ownRemoved.get(relay) ?? 0;
    this.#ownRemoved.delete(relay);
    return own === lacking && !this.#expired.has(relay);
  }

  #expire(batch: IntakeBatch, relay: ProvenRelay, from: number, to: number): void {
    batch.write({ kind: 'expire', expiry: { relay: relay.key, from, to } });
    batch.afterwards(() => {
      this.#expired.add(relay.key);
      this.#deps.events.emit('expired', { relay: relay.address, from, to });
    });
  }
}
