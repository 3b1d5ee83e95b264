import { fromHex } from '@0k-sync/core/bytes';
import type { OpenState } from './outbox-machine.ts';

/** A sealed entry in memory; its key is its sequence in the own chain. */
export interface SealedEntry {
  readonly id: string;
  readonly state: Exclude<OpenState, 'queued'>;
  /** Number of the error by which a relay has refused it. CL-60. */
  readonly refusal?: number | undefined;
  /** A relay acknowledged it once, and has lost it. CL-62. */
  readonly isAgain?: boolean;
}

/** An entry that a relay has refused. CL-60. */
export interface RefusedEntry {
  /** 32 hexadecimal characters. */
  readonly id: string;
  /** Number of a row of the error table. */
  readonly code: number;
}

/** The lowest sequence; Infinity without one. */
export function lowest(sequences: Iterable<number>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const sequence of sequences) first = Math.min(first, sequence);
  return first;
}

/** The bytes of a message id. */
export function idBytes(id: string): Uint8Array {
  return fromHex(id) ?? new Uint8Array();
}
