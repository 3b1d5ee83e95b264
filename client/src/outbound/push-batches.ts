import { PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { OutboxEntry } from '../store/types.ts';
import { cutToPush, type PushLimits } from './push-size.ts';
import { type Outgoing, type SealerDeps, sealAdditions, sealQueued } from './sealer.ts';

/**
 * Finds what one lane sends next. It seals only what can be sent now. Call everything here only within the serial that guards
 * the chains. CL-22.
 */
export class PushBatches {
  readonly #deps: SealerDeps;
  readonly #limits: PushLimits;
  /** Entries that are sealed and were not handed out: the store need not be asked for them. */
  #fresh: readonly Outgoing[] = [];
  /** Sequence of the last entry that was handed out; undefined before the first call. */
  #handed: number | undefined;

  constructor(deps: SealerDeps, limits: PushLimits) {
    this.#deps = deps;
    this.#limits = limits;
  }

  /**
   * The entries after a sequence, as many as one Push takes. If there are none, it seals queued ones first, for as many
   * Pushes as are free.
   */
  async next(sent: number, free: number): Promise<readonly Outgoing[]> {
    const entries = await this.#after(sent, free);
    const { firstRefused } = this.#deps.outbox;
    const due = entries.filter(({ sequence }) => sequence < firstRefused); // CL-24
    const batch = cutToPush(due, this.#limits);
    this.#fresh = due.slice(batch.length);
    this.#handed = batch.at(-1)?.sequence ?? sent;
    return batch;
  }

  /**
   * Queues entries durably, and seals in the same transaction those of them that the next Push takes. Resolves with the
   * positions; undefined when others go before them.
   */
  async add(entries: readonly OutboxEntry[]): Promise<readonly number[] | undefined> {
    const { outbox, chains, membership } = this.#deps;
    const last = this.#fresh.at(-1)?.sequence ?? this.#handed;
    const isNext = last === chains.chainOf(membership.deviceKey).head && !outbox.mayHaveQueued;
    if (!isNext || Number.isFinite(outbox.firstRefused)) return undefined;
    const taken = cutToPush([...this.#fresh, ...entries], this.#limits).length - this.#fresh.length;
    if (taken <= 0) return undefined;
    const { positions, outgoing } = await sealAdditions(this.#deps, entries, taken);
    this.#fresh = [...this.#fresh, ...outgoing];
    return positions;
  }

  async #after(sent: number, free: number): Promise<readonly Outgoing[]> {
    const { store, membership, chains, outbox } = this.#deps;
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh[0]?.sequence === sent + 1) return fresh;
    const sender = membership.deviceKey;
    const isBehind = chains.chainOf(sender).head > sent;
    const sealed = isBehind ? await store.ownAbove(sender, sent, PUSH_ITEMS_MAX) : [];
    if (sealed.length > 0 || Number.isFinite(outbox.firstRefused)) return sealed;
    return await sealQueued(this.#deps, this.#limits, free);
  }
}
