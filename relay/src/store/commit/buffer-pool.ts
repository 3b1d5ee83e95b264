const BUFFERS_MAX = 4;
const STEP_BYTES = 256 * 1024;

/** Buffers that travel to the writer with a batch and back with its answer: fresh memory costs more than filling it. */
export class BufferPool {
  readonly #free: ArrayBuffer[] = [];

  /** Takes a buffer of at least `bytes` bytes with any content. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const index = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    const [buffer] = index === -1 ? [] : this.#free.splice(index, 1);
    return new Uint8Array(buffer ?? new ArrayBuffer(Math.max(1, Math.ceil(bytes / STEP_BYTES)) * STEP_BYTES));
  }

  give(buffer: ArrayBuffer): void {
    if (this.#free.length === BUFFERS_MAX) this.#free.shift();
    this.#free.push(buffer);
  }
}
