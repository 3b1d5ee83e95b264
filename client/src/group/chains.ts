import { toHex } from '@0k-sync/core/bytes';
import { type Chain, EMPTY_CHAIN } from '@0k-sync/core/envelope';
import type { StoredChain } from '../store/types.ts';

/** The verified chain of every sender, as the store has them. EN-08. */
export class Chains {
  readonly #chains = new Map<string, Chain>();

  constructor(stored: readonly StoredChain[]) {
    for (const chain of stored) this.set(chain);
  }

  get(sender: Uint8Array): Chain {
    return this.#chains.get(toHex(sender)) ?? EMPTY_CHAIN;
  }

  /** Takes a chain over after it was stored. */
  set({ sender, sequence, hash }: StoredChain): void {
    this.#chains.set(toHex(sender), { head: sequence, headHash: hash });
  }

  /** All of them, for a Welcome. */
  entries(senders: readonly Uint8Array[]): StoredChain[] {
    return senders.flatMap((sender) => {
      const { head, headHash } = this.get(sender);
      return head === 0 ? [] : [{ sender, sequence: head, hash: headHash }];
    });
  }
}
