import { type Chain, EMPTY_CHAIN } from '@0k-sync/core/envelope';
import type { StoredChain } from '../store/types.ts';
import { keyName } from './key-name.ts';

/** The verified chain of every sender, as the store has it. EN-08. */
export class Chains {
  readonly #chains = new Map<string, Chain>();

  constructor(stored: readonly StoredChain[]) {
    for (const chain of stored) this.setChain(chain);
  }

  /** The chain of a sender; the empty chain for an unknown one. */
  chainOf(sender: Uint8Array): Chain {
    return this.#chains.get(keyName(sender)) ?? EMPTY_CHAIN;
  }

  /** Replaces a sender's chain; call it after the chain was stored. */
  setChain({ sender, sequence, hash }: StoredChain): void {
    this.#chains.set(keyName(sender), { head: sequence, headHash: hash });
  }
}
