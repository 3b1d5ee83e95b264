import { errorNameOf } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { PushStatus } from '@0k-sync/generated/wire/frame';
import type { PushRefusal, PushResult } from '../port.ts';

/** The results of a batch's pushes, in order, in two buffers, which move between threads without a copy. */
export interface PackedResults {
  /**
   * Per push: the number of results; then per result: status, cursor, received_at_ms; then per REFUSED result: its number
   * in the error table, and the bytes of its stub's header, 0 without a stub.
   */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Per stub: body hash 32, signature 64, header. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const REFUSED: PushStatus = 4;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Packs the results of pushes. */
export function packResults(pushes: readonly (readonly PushResult[])[]): PackedResults {
  const numbers: number[] = [];
  const stubs: Stub[] = [];
  for (const results of pushes) {
    numbers.push(results.length);
    for (const { status, cursor, receivedAtMs, refusal } of results) {
      numbers.push(status, cursor, receivedAtMs);
      if (refusal === undefined) continue;
      numbers.push(errors[refusal.error].number, refusal.conflict?.header.length ?? 0);
      if (refusal.conflict !== undefined) stubs.push(refusal.conflict);
    }
  }
  return { numbers: Float64Array.from(numbers), bytes: packStubs(stubs) };
}

function packStubs(stubs: readonly Stub[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(
    stubs.reduce((sum, { header }) => sum + HASH_BYTES + SIGNATURE_BYTES + header.length, 0),
  );
  let position = 0;
  for (const { header, bodyHash, signature } of stubs) {
    bytes.set(bodyHash, position);
    bytes.set(signature, position + HASH_BYTES);
    bytes.set(header, position + HASH_BYTES + SIGNATURE_BYTES);
    position += HASH_BYTES + SIGNATURE_BYTES + header.length;
  }
  return bytes;
}

/** Reads what `packResults` wrote, push by push; bytes are views. */
export class ResultReader {
  readonly #packed: PackedResults;
  #number = 0;
  #byte = 0;

  constructor(packed: PackedResults) {
    this.#packed = packed;
  }

  next(): PushResult[] {
    const count = this.#takeNumber();
    const results: PushResult[] = [];
    for (let index = 0; index < count; index += 1) {
      const status = this.#takeNumber() as PushStatus;
      const cursor = this.#takeNumber();
      const receivedAtMs = this.#takeNumber();
      results.push({ status, cursor, receivedAtMs, refusal: status === REFUSED ? this.#takeRefusal() : undefined });
    }
    return results;
  }

  #takeRefusal(): PushRefusal {
    const error = errorNameOf(this.#takeNumber());
    const headerBytes = this.#takeNumber();
    if (headerBytes === 0) return { error };
    const bodyHash = this.#takeBytes(HASH_BYTES);
    const signature = this.#takeBytes(SIGNATURE_BYTES);
    return { error, conflict: { header: this.#takeBytes(headerBytes), bodyHash, signature } };
  }

  #takeNumber(): number {
    const value = this.#packed.numbers[this.#number];
    if (value === undefined) throw new RangeError('packed results end early');
    this.#number += 1;
    return value;
  }

  #takeBytes(length: number): Uint8Array {
    const start = this.#byte;
    this.#byte += length;
    return this.#packed.bytes.subarray(start, this.#byte);
  }
}
