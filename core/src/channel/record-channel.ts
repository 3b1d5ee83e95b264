import type { ErrorName } from '@0k-sync/generated/errors';
import { RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import { type Failure, PartReader } from '../wire/index.ts';
import type { ChannelListener } from './channel.ts';
import type { HandshakeDriver, HandshakeListener } from './handshake-driver.ts';
import { measureRecord, type RecordLayer } from './records.ts';

/** One end of a channel: the handshake of its role, then records in both directions. */
export class RecordChannel {
  readonly #listener: ChannelListener;
  readonly #parts = new PartReader((bytes, start, end) => this.#measure(bytes, start, end));
  /** Dropped when complete: a channel outlives its handshake by hours, and ephemeral keys take some ten kilobytes. */
  #handshake: HandshakeDriver | undefined;
  #records: RecordLayer | undefined;
  /** The longest ciphertext of a record that is taken; a relay takes less of a stranger. RL-70. */
  recordBytesMax = RECORD_BYTES_MAX;

  /** Use `initiatorChannel` or `responderChannel`. */
  constructor(driverFor: (listener: HandshakeListener) => HandshakeDriver, listener: ChannelListener) {
    this.#listener = listener;
    this.#handshake = driverFor({
      send: (bytes) => listener.send(bytes),
      complete: (records, info) => {
        this.#records = records;
        this.#handshake = undefined;
        listener.ready(info);
      },
      failed: (error) => listener.failed(error),
    });
  }

  /** True when the stream stands between two records or messages. WI-12. */
  get isEmpty(): boolean {
    return this.#parts.isEmpty;
  }

  /** The memory of a record that is not whole yet, bytes. */
  get heldBytes(): number {
    return this.#parts.heldBytes;
  }

  /** Sends the initiator's preface and first message; a responder waits for them. */
  begin(): void {
    this.#handshake?.begin();
  }

  receive(bytes: Uint8Array): void {
    this.push(bytes);
    while (this.next());
  }

  /** Adds the next piece of the stream. Take all parts of the piece before it first, with `next`. */
  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  /** Takes the next record or message. @returns false when bytes are missing, or nothing more may be read */
  next(): boolean {
    if (this.#records === undefined && this.#handshake?.isOver !== false) return false;
    const part = this.#parts.next();
    return part !== undefined && this.#receivePart(part);
  }

  /** Seals a piece of the frame stream and sends it; a TypeError before the channel is ready. */
  send(plaintext: Uint8Array): void {
    if (this.#records === undefined) throw new TypeError('the channel is not ready');
    this.#listener.send(this.#records.seal(plaintext));
  }

  /** Wipes the keys. Nothing may be received or sent any more. */
  close(): void {
    this.#handshake?.wipe();
    this.#records?.wipe();
  }

  #measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined {
    if (this.#records !== undefined) return measureRecord(bytes, start, end, this.recordBytesMax);
    return this.#handshake?.measure(bytes, start, end);
  }

  /** Returns false when nothing after the part may be read. */
  #receivePart(part: Uint8Array | Failure): boolean {
    if (!(part instanceof Uint8Array)) return this.#refuse(part.error);
    if (this.#records === undefined) {
      this.#handshake?.receive(part);
      return true;
    }
    const plaintext = this.#records.open(part);
    return plaintext === undefined ? this.#refuse('RECORD_INVALID') : this.#listener.plaintext(plaintext);
  }

  #refuse(error: ErrorName): false {
    if (this.#handshake === undefined) this.#listener.failed(error);
    else this.#handshake.refuse(error);
    return false;
  }
}
