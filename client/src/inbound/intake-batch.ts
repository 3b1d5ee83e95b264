import { toHex } from '@0k-sync/core/bytes';
import { type Chain, extendChain } from '@0k-sync/core/envelope';
import type { Chains } from '../group/chains.ts';
import type { Change } from '../store/port.ts';
import type { HeldEnvelope, LogEntry, StoredChain } from '../store/types.ts';
import type { HeldEnvelopes } from './held.ts';

/**
 * What one transaction of the receiving side will write, and what is reported once it is written. Judgements within a
 * batch see what the batch has accepted so far; everybody else sees it after the commit. CL-03.
 */
export class IntakeBatch {
  readonly #changes: Change[] = [];
  readonly #effects: (() => void)[] = [];
  readonly #undos: (() => void)[] = [];
  readonly #chains: Chains;
  readonly #held: HeldEnvelopes;
  readonly #extended = new Map<string, StoredChain>();
  readonly #entries = new Map<string, LogEntry>();
  readonly #messages = new Set<string>();

  constructor(chains: Chains, held: HeldEnvelopes) {
    this.#chains = chains;
    this.#held = held;
  }

  /** Messages accepted here that the app can see. */
  visible = 0;

  write(change: Change): void {
    this.#changes.push(change);
  }

  /** Something to report once the batch is stored. */
  afterwards(effect: () => void): void {
    this.#effects.push(effect);
  }

  chain(sender: Uint8Array): Chain {
    const extended = this.#extended.get(toHex(sender));
    return extended === undefined ? this.#chains.get(sender) : { head: extended.sequence, headHash: extended.hash };
  }

  entryAt(sender: Uint8Array, sequence: number): LogEntry | undefined {
    return this.#entries.get(`${toHex(sender)}/${sequence}`);
  }

  hasMessage(sender: Uint8Array, messageId: Uint8Array): boolean {
    return this.#messages.has(`${toHex(sender)}/${toHex(messageId)}`);
  }

  /** EN-21: only this changes a sender's chain. */
  accept(entry: LogEntry): void {
    const { sender, sequence, hash } = entry;
    const { head, headHash } = extendChain(this.chain(sender), { sequence, hash, previous: hash });
    this.#extended.set(toHex(sender), { sender, sequence: head, hash: headHash });
    this.#entries.set(`${toHex(sender)}/${sequence}`, entry);
    this.write({ kind: 'accept', entry });
    if (!entry.visible) return;
    this.#messages.add(`${toHex(sender)}/${toHex(entry.messageId)}`);
    this.visible += 1;
  }

  hold(held: HeldEnvelope): void {
    this.write({ kind: 'hold', held });
    this.#held.add(held);
    this.#undos.push(() => this.#held.remove(held));
  }

  release(held: HeldEnvelope): void {
    this.write({ kind: 'release', hash: held.hash });
    this.#held.remove(held);
    this.#undos.push(() => this.#held.add(held));
  }

  /** Writes everything in one transaction; then, and only then, makes it true in memory and reports it. */
  async commit(write: (changes: readonly Change[]) => Promise<void>): Promise<void> {
    const chains = [...this.#extended.values()];
    try {
      await write([...this.#changes, ...chains.map((chain) => ({ kind: 'chain', chain }) as const)]);
    } catch (error) {
      for (const undo of this.#undos.reverse()) undo();
      throw error;
    }
    for (const chain of chains) this.#chains.set(chain);
    for (const effect of this.#effects) effect();
  }
}
