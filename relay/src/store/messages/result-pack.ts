import type { PushStatus } from '@0k-sync/generated/wire/frame';
import type { PushRefusal, PushResult } from '../port.ts';

/** The results of a batch's pushes, in order, small enough to be copied between threads. */
export interface PackedResults {
  /** Per push: the number of results; then per result: status, cursor, received_at_ms. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** One refusal for each REFUSED result, in order. */
  readonly refusals: readonly PushRefusal[];
}

/** Packs the results of pushes. */
export function packResults(pushes: readonly (readonly PushResult[])[]): PackedResults {
  const numbers: number[] = [];
  const refusals: PushRefusal[] = [];
  for (const results of pushes) {
    numbers.push(results.length);
    for (const { status, cursor, receivedAtMs, refusal } of results) {
      numbers.push(status, cursor, receivedAtMs);
      if (refusal !== undefined) refusals.push(refusal);
    }
  }
  return { numbers: Float64Array.from(numbers), refusals };
}

const REFUSED: PushStatus = 4;

/** Reads what `packResults` wrote, push by push. */
export class ResultReader {
  readonly #packed: PackedResults;
  #number = 0;
  #refusal = 0;

  constructor(packed: PackedResults) {
    this.#packed = packed;
  }

  next(): PushResult[] {
    const count = this.#take();
    const results: PushResult[] = [];
    for (let index = 0; index < count; index += 1) {
      const status = this.#take() as PushStatus;
      const cursor = this.#take();
      const receivedAtMs = this.#take();
      results.push({ status, cursor, receivedAtMs, refusal: status === REFUSED ? this.#takeRefusal() : undefined });
    }
    return results;
  }

  #takeRefusal(): PushRefusal | undefined {
    const refusal = this.#packed.refusals[this.#refusal];
    this.#refusal += 1;
    return refusal;
  }

  #take(): number {
    const value = this.#packed.numbers[this.#number];
    if (value === undefined) throw new RangeError('packed results end early');
    this.#number += 1;
    return value;
  }
}
