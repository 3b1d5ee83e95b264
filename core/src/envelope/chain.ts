import { equal } from '../bytes/index.ts';
import { NO_HASH } from './parse.ts';

/** An envelope's place in its sender's chain, as the signature vouches for it. */
export interface Link {
  readonly sequence: number;
  /** 32 bytes. */
  readonly previous: Uint8Array;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** The head of one sender's chain, as a receiver has accepted it. Immutable. */
export interface Chain {
  /** Highest accepted sequence, 0 when none. */
  readonly head: number;
  /** H of the head, 32 bytes; `NO_HASH` when there is none. */
  readonly headHash: Uint8Array;
}

/** Looks up one sender's accepted envelopes in the receiver's store. */
export interface ChainHistory {
  /** H of the accepted envelope of that sequence; undefined when none was accepted. */
  hashAt(sequence: number): Uint8Array | undefined;
  /** `previous` of the accepted envelope of that sequence; undefined when none was accepted. */
  previousAt(sequence: number): Uint8Array | undefined;
}

/** A head from a member's Welcome. The sender forked unless its envelope of that sequence has that H. */
export interface Witness {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** The relation of an envelope to its sender's chain. */
export type ChainVerdict =
  /** The envelope continues the chain, or fills a place that was given up as missing. */
  | { readonly type: 'next' }
  | { readonly type: 'duplicate' }
  /** The sequences `from` to `to` are missing before the envelope. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number }
  /** The sender signed two envelopes for one place; `known` is H of the other one. */
  | { readonly type: 'fork'; readonly known: Uint8Array }
  | { readonly type: 'broken' };

/** The chain of a sender of whom nothing is accepted yet. */
export const EMPTY_CHAIN: Chain = { head: 0, headHash: NO_HASH };

/** Judges a validly signed envelope against its sender's chain. EN-08, EN-22 to EN-24. */
export function judgeLink(chain: Chain, history: ChainHistory, link: Link, witness?: Witness): ChainVerdict {
  const { sequence, previous, hash } = link;
  const known = history.hashAt(sequence);
  if (known !== undefined) return equal(known, hash) ? { type: 'duplicate' } : { type: 'fork', known };
  if (witness !== undefined && witness.sequence === sequence && !equal(witness.hash, hash)) {
    return { type: 'fork', known: witness.hash };
  }
  if (sequence === 1 && !equal(previous, NO_HASH)) return { type: 'broken' };
  if (sequence > chain.head + 1) return { type: 'gap', from: chain.head + 1, to: sequence - 1 };
  const before = sequence === chain.head + 1 ? chain.headHash : history.hashAt(sequence - 1);
  if (before !== undefined && !equal(before, previous)) return { type: 'broken' };
  const successor = history.previousAt(sequence + 1);
  if (successor !== undefined && !equal(successor, hash)) return { type: 'fork', known: successor };
  return { type: 'next' };
}

/** Returns the chain after an envelope was accepted. A place that is filled late leaves the head. EN-21. */
export function extendChain(chain: Chain, { sequence, hash }: Link): Chain {
  return sequence > chain.head ? { head: sequence, headHash: hash } : chain;
}
