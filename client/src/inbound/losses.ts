import { zBase32 } from '@0k-sync/core/bytes';
import { parseEnvelope } from '@0k-sync/core/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { Store } from '../store/port.ts';
import type { RelayKey, StoredExpiry } from '../store/types.ts';
import type { IntakeBatch } from './intake-batch.ts';

/** Cursors of one relay, both ends included. */
interface Cursors {
  readonly from: number;
  readonly to: number;
}

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
  /** The highest own sequence that each relay has had when it last let this device in. */
  readonly #ownHeads = new Map<RelayKey, number>();

  constructor(deps: LossesDeps, expired: readonly StoredExpiry[]) {
    this.#deps = deps;
    this.#expired = new Set(expired.map(({ relay }) => relay));
  }

  /** The relay has let this device in, and shows its own signature on this place of its chain. CL-21. */
  noteOwnHead(relay: RelayKey, sequence: number): void {
    this.#ownHeads.set(relay, sequence);
  }

  /** Keeps and reports the removed cursors of a segment above `after` that this device has no envelope of. CL-08. */
  async noteRemoved(batch: IntakeBatch, relay: ProvenRelay, after: number, segment: LogSegment): Promise<void> {
    const through = Number(segment.removedThrough);
    const had = await this.#deps.store.placedCursors(relay.key, after + 1, through);
    const lacking = gapsOf(had, after + 1, through);
    if (await this.#areAllOwn(batch, relay, lacking, segment)) return;
    for (const { from, to } of lacking) this.#expire(batch, relay, from, to);
  }

  /** Reports proven heads that a relay which was read to its head has not delivered. CL-11. */
  reportWithheld(relay: ProvenRelay): void {
    const { membership, chains, events } = this.#deps;
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
   * True when the removed cursors are all of own envelopes, whose PushAcks were lost: the chain has as many that the relay
   * has had and whose cursors nobody told. Each of them gets one of the cursors, so that no later stretch counts it again.
   */
  async #areAllOwn(
    batch: IntakeBatch,
    { key: relay }: ProvenRelay,
    lacking: readonly Cursors[],
    segment: LogSegment,
  ): Promise<boolean> {
    const { store, membership } = this.#deps;
    const count = lacking.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const firstOwn = this.#firstOwnOf(segment);
    const through = firstOwn === undefined ? (this.#ownHeads.get(relay) ?? 0) : firstOwn - 1;
    if (count === 0 || through === 0) return count === 0;
    const chain = { sender: membership.deviceKey, through };
    const own = await store.unplacedOwn(relay, Number(segment.after), chain, count + 1);
    for (const [index, hash] of own.slice(0, count).entries()) {
      batch.write({ kind: 'place', placement: { relay, cursor: cursorAt(lacking, index), hash, receivedAtMs: 0 } });
    }
    // Own envelopes further up in the log may be among those that were counted.
    const isCertain = firstOwn !== undefined || segment.next >= segment.head;
    return isCertain && own.length === count;
  }

  /** The sequence of the first own envelope of a segment. */
  #firstOwnOf({ envelopes }: LogSegment): number | undefined {
    const { membership } = this.#deps;
    for (const envelope of envelopes) {
      const parsed = parseEnvelope(envelope, membership.groupId);
      if (parsed.ok && membership.isOwn(parsed.value.senderKey)) return parsed.value.sequence;
    }
    return undefined;
  }

  #expire(batch: IntakeBatch, relay: ProvenRelay, from: number, to: number): void {
    batch.write({ kind: 'expire', expiry: { relay: relay.key, from, to } });
    batch.afterwards(() => {
      this.#expired.add(relay.key);
      this.#deps.events.emit('expired', { relay: relay.address, from, to });
    });
  }
}

/** The stretches of `from` to `to` that lie between the cursors of an ascending list. */
function gapsOf(cursors: readonly number[], from: number, to: number): readonly Cursors[] {
  const starts = [from, ...cursors.map((cursor) => cursor + 1)];
  const ends = [...cursors.map((cursor) => cursor - 1), to];
  return starts.map((start, index) => ({ from: start, to: ends[index] ?? to })).filter((gap) => gap.from <= gap.to);
}

/** The cursor with this index, from 0, in ascending stretches that have as many. */
function cursorAt(stretches: readonly Cursors[], index: number): number {
  let left = index;
  for (const { from, to } of stretches) {
    if (left <= to - from) return from + left;
    left -= to - from + 1;
  }
  throw new RangeError(`there is no cursor ${index}`);
}
