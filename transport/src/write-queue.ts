/** Bytes written in this turn, waiting to leave as one write. */
export class WriteQueue {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Takes everything queued as one array; a single chunk is not copied. */
  take(): Uint8Array {
    const chunks = this.#chunks;
    const length = this.#bytes;
    this.clear();
    const [first] = chunks;
    if (chunks.length === 1 && first) return first;
    const whole = new Uint8Array(length);
    let offset = 0;
    for (const chunk of chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }
}
