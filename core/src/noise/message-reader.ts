/** The reject classes in which a handshake message can fail. HS-03 to HS-08. */
export type HandshakeFailure = 'handshake.parse' | 'handshake.auth' | 'handshake.kem' | 'handshake.order';

/** Thrown and caught inside the token loop. */
export class MessageRefused {
  readonly class: HandshakeFailure;
  constructor(reason: HandshakeFailure) {
    this.class = reason;
  }
}

/** Takes a message apart from its front. */
export class MessageReader {
  readonly #bytes: Uint8Array;
  #position = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  take(length: number): Uint8Array {
    if (this.#bytes.length - this.#position < length) throw new MessageRefused('handshake.parse');
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#position);
  }
}
