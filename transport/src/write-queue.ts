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

  /** Takes the oldest bytes, at most `bytesMax`, as one array; a single chunk is not copied. */
  take(bytesMax = Number.POSITIVE_INFINITY): Uint8Array {
    const chunks = this.#takeChunks(bytesMax);
    const [first] = chunks;
    if (chunks.length === 1 && first) return first;
    const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  #takeChunks(bytesMax: number): Uint8Array[] {
    if (bytesMax >= this.#bytes) {
      const all = this.#chunks;
      this.clear();
      return all;
    }
    const taken: Uint8Array[] = [];
    for (let room = bytesMax; room > 0; ) {
      const chunk = this.#chunks.shift() as Uint8Array;
      const part = chunk.subarray(0, room);
      if (part.length < chunk.length) this.#chunks.unshift(chunk.subarray(room));
      taken.push(part);
      room -= part.length;
      this.#bytes -= part.length;
    }
    return taken;
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }
}
