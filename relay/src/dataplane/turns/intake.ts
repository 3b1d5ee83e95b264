/** The memory that one received piece takes beside its bytes, about, in bytes. */
const PIECE_BYTES = 256;
/** The array is cut when so many of its pieces were taken. */
const TAKEN_MAX = 64;

/** Received bytes that wait for their connection's turn. RL-63. */
export class Intake {
  #pieces: Uint8Array[] = [];
  #taken = 0;
  #bytes = 0;
  #hasEnded = false;

  /** The memory that waits. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#taken === this.#pieces.length;
  }

  /** Takes the end of the stream, once, when everything before it was taken. */
  takeEnd(): boolean {
    const isOver = this.#hasEnded && this.isEmpty;
    if (isOver) this.#hasEnded = false;
    return isOver;
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length + PIECE_BYTES;
  }

  /** Takes the oldest piece. */
  take(): Uint8Array | undefined {
    const piece = this.#pieces[this.#taken];
    if (piece === undefined) return undefined;
    this.#taken += 1;
    this.#bytes -= piece.length + PIECE_BYTES;
    if (this.isEmpty || this.#taken === TAKEN_MAX) this.#forgetTaken();
    return piece;
  }

  /** Says that nothing will follow. */
  end(): void {
    this.#hasEnded = true;
  }

  clear(): void {
    this.#pieces = [];
    this.#taken = 0;
    this.#bytes = 0;
  }

  #forgetTaken(): void {
    this.#pieces = this.#pieces.slice(this.#taken);
    this.#taken = 0;
  }
}
