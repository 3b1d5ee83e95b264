import { toHex } from '@0k-sync/core/bytes';
import { GAP_BYTES_MAX, GAP_WAIT_MS } from '@0k-sync/generated/limits';
import { Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { keyName } from '../group/key-name.ts';
import type { HeldEnvelope, HoldReason, RelayKey } from '../store/types.ts';
import { OrderedNumbers } from './ordered-numbers.ts';

/** The held envelopes of one sender. */
interface SenderHolds {
  readonly byPlace: Map<number, Set<HeldEnvelope>>;
  /** The places of those that wait behind a gap. */
  readonly gaps: OrderedNumbers;
}

/**
 * Authentic envelopes that wait for an earlier one, for an epoch or for a record. Holding, finding and releasing one
 * costs the same however many there are. EN-24, EN-25, EN-09, CL-09.
 */
export class HeldEnvelopes {
  readonly #bySender = new Map<string, SenderHolds>();
  readonly #byHash = new Map<string, HeldEnvelope>();
  /** The number of held envelopes that name an H as `previous`, by sender, place and H. */
  readonly #vouching = new Map<string, number>();
  /** Oldest first. */
  readonly #byReason: Readonly<Record<HoldReason, Set<HeldEnvelope>>> = {
    gap: new Set(),
    epoch: new Set(),
    record: new Set(),
  };
  readonly #cursors = new Map<RelayKey, OrderedNumbers>();
  #bytes = 0;

  constructor(stored: readonly HeldEnvelope[]) {
    for (const held of stored) this.add(held);
  }

  /** True if nothing is held. */
  get isEmpty(): boolean {
    return this.#byHash.size === 0;
  }

  /** True if an envelope with this H is held. EN-22. */
  has(hash: Uint8Array): boolean {
    return !this.isEmpty && this.#byHash.has(toHex(hash));
  }

  /** The envelopes that wait for one place, oldest first; more than one only if their sender signed several for it. */
  at(sender: Uint8Array, sequence: number): readonly HeldEnvelope[] {
    return [...this.#at(sender, sequence)];
  }

  /** True if a held envelope of the same sender, one place higher, names this H as `previous`. EN-31. */
  vouchFor(sender: Uint8Array, sequence: number, hash: Uint8Array): boolean {
    return this.#vouching.size > 0 && this.#vouching.has(nameOf(sender, sequence, hash));
  }

  /** The envelopes of one sender that wait for its record, by sequence. CL-12. */
  awaitingRecord(sender: Uint8Array): readonly HeldEnvelope[] {
    const places = [...(this.#bySender.get(keyName(sender))?.byPlace.values() ?? [])];
    const all = places.flatMap((place) => [...place]);
    return all.filter(({ reason }) => reason === 'record').sort((a, b) => a.sequence - b.sequence);
  }

  /** The envelopes that a relay delivered. */
  from(relay: RelayKey): readonly HeldEnvelope[] {
    return [...this.#byHash.values()].filter((held) => held.relay === relay && held.cursor > 0);
  }

  add(held: HeldEnvelope): void {
    const name = keyName(held.sender);
    const holds = this.#bySender.get(name) ?? { byPlace: new Map(), gaps: new OrderedNumbers() };
    this.#bySender.set(name, holds);
    holds.byPlace.set(held.sequence, (holds.byPlace.get(held.sequence) ?? new Set()).add(held));
    this.#countVouching(held, 1);
    if (held.reason === 'gap') holds.gaps.add(held.sequence);
    this.#byHash.set(toHex(held.hash), held);
    this.#byReason[held.reason].add(held);
    this.#bytes += held.envelope.length;
    if (held.cursor === 0) return;
    const cursors = this.#cursors.get(held.relay) ?? new OrderedNumbers();
    this.#cursors.set(held.relay, cursors);
    cursors.add(held.cursor);
  }

  /** Removes the envelope with the H of `held`. */
  remove({ hash }: HeldEnvelope): void {
    const held = this.#byHash.get(toHex(hash));
    const holds = held && this.#bySender.get(keyName(held.sender));
    if (held === undefined || holds === undefined) return;
    const others = this.#at(held.sender, held.sequence);
    others.delete(held);
    if (others.size === 0) holds.byPlace.delete(held.sequence);
    if (held.reason === 'gap' && firstGap(others) === undefined) holds.gaps.remove(held.sequence);
    if (holds.byPlace.size === 0) this.#bySender.delete(keyName(held.sender));
    this.#countVouching(held, -1);
    this.#byHash.delete(toHex(hash));
    this.#byReason[held.reason].delete(held);
    this.#bytes -= held.envelope.length;
    this.#cursors.get(held.relay)?.remove(held.cursor);
  }

  /** The lowest cursor of an envelope that is held from a relay; undefined if none is. CL-13. */
  lowestCursor(relay: RelayKey): number | undefined {
    return this.#cursors.get(relay)?.lowest;
  }

  /** The time at which GAP_WAIT_MS is over for the oldest gap, milliseconds since 1970; undefined without a gap. */
  get nextDeadline(): number | undefined {
    const [oldest] = this.#byReason.gap;
    return oldest === undefined ? undefined : oldest.heldAtMs + GAP_WAIT_MS;
  }

  /**
   * The next held envelope whose gap must be given up, because what came until `through` waits no longer or the buffer
   * is full: the lowest of the sender of the oldest. EN-24, EN-25.
   */
  overdue(through: number): HeldEnvelope | undefined {
    const [oldest] = this.#byReason.gap;
    if (oldest === undefined) return undefined;
    if (this.#bytes <= GAP_BYTES_MAX && oldest.heldAtMs > through) return undefined;
    const lowest = this.#bySender.get(keyName(oldest.sender))?.gaps.lowest ?? oldest.sequence;
    return firstGap(this.#at(oldest.sender, lowest));
  }

  /** The oldest envelope that waits for an epoch, then for a record, if the buffer is full. EN-25. */
  get surplus(): HeldEnvelope | undefined {
    if (this.#bytes <= GAP_BYTES_MAX) return undefined;
    const [epoch] = this.#byReason.epoch;
    const [record] = this.#byReason.record;
    return epoch ?? record;
  }

  #at(sender: Uint8Array, sequence: number): Set<HeldEnvelope> {
    return this.#bySender.get(keyName(sender))?.byPlace.get(sequence) ?? new Set();
  }

  #countVouching({ sender, sequence, envelope }: HeldEnvelope, change: 1 | -1): void {
    const { previous } = EnvelopeHeader.decode(Envelope.decode(envelope).header);
    const name = nameOf(sender, sequence - 1, previous);
    const count = (this.#vouching.get(name) ?? 0) + change;
    if (count === 0) this.#vouching.delete(name);
    else this.#vouching.set(name, count);
  }
}

function firstGap(place: Iterable<HeldEnvelope>): HeldEnvelope | undefined {
  for (const held of place) if (held.reason === 'gap') return held;
  return undefined;
}

function nameOf(sender: Uint8Array, sequence: number, hash: Uint8Array): string {
  return `${keyName(sender)}/${sequence}/${toHex(hash)}`;
}
