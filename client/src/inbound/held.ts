import { equal, toHex } from '@0k-sync/core/bytes';
import { GAP_BYTES_MAX, GAP_WAIT_MS } from '@0k-sync/generated/limits';
import type { HeldEnvelope } from '../store/types.ts';

/**
 * Validly signed envelopes that wait for an earlier one or for an epoch, by their place in their sender's chain. EN-24,
 * EN-25, EN-09.
 */
export class HeldEnvelopes {
  readonly #byPlace = new Map<string, readonly HeldEnvelope[]>();
  #bytes = 0;

  constructor(stored: readonly HeldEnvelope[]) {
    for (const held of stored) this.add(held);
  }

  /** The envelopes that wait for one place, oldest first; more than one only if their sender signed several for it. */
  at(sender: Uint8Array, sequence: number): readonly HeldEnvelope[] {
    return this.#byPlace.get(placeOf(sender, sequence)) ?? [];
  }

  add(held: HeldEnvelope): void {
    this.#byPlace.set(placeOf(held.sender, held.sequence), [...this.at(held.sender, held.sequence), held]);
    this.#bytes += held.envelope.length;
  }

  remove(held: HeldEnvelope): void {
    const here = this.at(held.sender, held.sequence);
    const others = here.filter(({ hash }) => !equal(hash, held.hash));
    if (others.length === here.length) return;
    const place = placeOf(held.sender, held.sequence);
    if (others.length === 0) this.#byPlace.delete(place);
    else this.#byPlace.set(place, others);
    this.#bytes -= held.envelope.length;
  }

  /**
   * The time at which GAP_WAIT_MS is over for the oldest gap, milliseconds since 1970; undefined when there is no gap.
   */
  get nextDeadline(): number | undefined {
    const first = this.#gaps()[0];
    return first === undefined ? undefined : first.heldAtMs + GAP_WAIT_MS;
  }

  /**
   * The first held envelope whose gap must be given up now, because GAP_WAIT_MS passed or the buffer is full. EN-24,
   * EN-25.
   */
  overdue(now: number): HeldEnvelope | undefined {
    const gaps = this.#gaps();
    const isOver = ({ heldAtMs }: HeldEnvelope) => this.#bytes > GAP_BYTES_MAX || heldAtMs + GAP_WAIT_MS <= now;
    const oldest = gaps.find(isOver);
    if (oldest === undefined) return undefined;
    const ofSender = gaps.filter(({ sender }) => toHex(sender) === toHex(oldest.sender));
    return ofSender.reduce((lowest, held) => (held.sequence < lowest.sequence ? held : lowest));
  }

  /** The oldest envelope of an unknown epoch, if the buffer is full; undefined otherwise. EN-25. */
  get surplus(): HeldEnvelope | undefined {
    if (this.#bytes <= GAP_BYTES_MAX) return undefined;
    return this.#all().find(({ reason }) => reason === 'epoch');
  }

  #all(): HeldEnvelope[] {
    return [...this.#byPlace.values()].flat();
  }

  #gaps(): HeldEnvelope[] {
    const gaps = this.#all().filter(({ reason }) => reason === 'gap');
    return gaps.sort((a, b) => a.heldAtMs - b.heldAtMs || a.sequence - b.sequence);
  }
}

function placeOf(sender: Uint8Array, sequence: number): string {
  return `${toHex(sender)}/${sequence}`;
}
