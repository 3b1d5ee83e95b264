import type { Push, PushItem } from '../port.ts';

/**
 * The pushes of one batch in two buffers, which move to the writer without a copy. Packing copies the bytes once, as
 * decoded bytes need anyway: they are views of what the network delivered.
 */
export interface PackedPushes {
  /** Per push: group, device, items; then per item: sequence, epoch, skip (0 or 1), header bytes, ciphertext bytes. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Per item: previous 32, nonce 24, signature 64, header, ciphertext. Bytes behind the last item mean nothing. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const PUSH_NUMBERS = 3;
const ITEM_NUMBERS = 5;
const HASH_BYTES = 32;
const NONCE_BYTES = 24;
const SIGNATURE_BYTES = 64;
const ITEM_FIXED_BYTES = HASH_BYTES + NONCE_BYTES + SIGNATURE_BYTES;

/** Returns the bytes that an item takes in a batch. */
export function packedBytes({ envelope }: PushItem): number {
  return ITEM_FIXED_BYTES + envelope.header.length + envelope.ciphertext.length;
}

/** Packs pushes. @param allocate gives a buffer of at least that many bytes with any content */
export function packPushes(
  pushes: readonly Push[],
  allocate: (bytes: number) => Uint8Array<ArrayBuffer>,
): PackedPushes {
  let items = 0;
  let total = 0;
  for (const push of pushes) {
    items += push.items.length;
    for (const item of push.items) total += packedBytes(item);
  }
  const packer = new Packer(pushes.length * PUSH_NUMBERS + items * ITEM_NUMBERS, allocate(total));
  for (const push of pushes) packer.push(push);
  return packer;
}

class Packer implements PackedPushes {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  #number = 0;
  #byte = 0;

  constructor(numbers: number, bytes: Uint8Array<ArrayBuffer>) {
    this.numbers = new Float64Array(numbers);
    this.bytes = bytes;
  }

  push({ group, device, items }: Push): void {
    this.#putNumber(group);
    this.#putNumber(device);
    this.#putNumber(items.length);
    for (const item of items) this.#putItem(item);
  }

  #putItem({ sequence, epoch, skip, previous, envelope }: PushItem): void {
    this.#putNumber(sequence);
    this.#putNumber(epoch);
    this.#putNumber(skip ? 1 : 0);
    this.#putNumber(envelope.header.length);
    this.#putNumber(envelope.ciphertext.length);
    this.#putBytes(previous);
    this.#putBytes(envelope.nonce);
    this.#putBytes(envelope.signature);
    this.#putBytes(envelope.header);
    this.#putBytes(envelope.ciphertext);
  }

  #putNumber(value: number): void {
    this.numbers[this.#number] = value;
    this.#number += 1;
  }

  #putBytes(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#byte);
    this.#byte += bytes.length;
  }
}

/** Reads what `packPushes` wrote, push by push; bytes are views. */
export class PackedReader {
  readonly #numbers: Float64Array;
  readonly #bytes: Uint8Array;
  #number = 0;
  #byte = 0;

  constructor({ numbers, bytes }: PackedPushes) {
    this.#numbers = numbers;
    this.#bytes = bytes;
  }

  next(): Omit<Push, 'kind' | 'requestId'> {
    const group = this.#takeNumber();
    const device = this.#takeNumber();
    const count = this.#takeNumber();
    const items: PushItem[] = [];
    for (let index = 0; index < count; index += 1) items.push(this.#takeItem());
    return { group, device, items };
  }

  #takeItem(): PushItem {
    const sequence = this.#takeNumber();
    const epoch = this.#takeNumber();
    const skip = this.#takeNumber() === 1;
    const headerBytes = this.#takeNumber();
    const ciphertextBytes = this.#takeNumber();
    const previous = this.#takeBytes(HASH_BYTES);
    const nonce = this.#takeBytes(NONCE_BYTES);
    const signature = this.#takeBytes(SIGNATURE_BYTES);
    const header = this.#takeBytes(headerBytes);
    const ciphertext = this.#takeBytes(ciphertextBytes);
    return { sequence, epoch, skip, previous, envelope: { header, nonce, ciphertext, signature } };
  }

  #takeNumber(): number {
    const value = this.#numbers[this.#number];
    if (value === undefined) throw new RangeError('packed pushes end early');
    this.#number += 1;
    return value;
  }

  #takeBytes(length: number): Uint8Array {
    const start = this.#byte;
    this.#byte += length;
    return this.#bytes.subarray(start, this.#byte);
  }
}
