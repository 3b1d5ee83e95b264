import type { ErrorName } from '@0k-sync/generated/errors';
import {
  type HandshakeResponderAction,
  type HandshakeResponderEvent,
  handshakeResponder,
} from '@0k-sync/generated/machines/handshake-responder';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { HandshakeState, noiseSuites } from '../noise/index.ts';
import { type Failure, fail, PartReader } from '../wire/index.ts';
import {
  type ChannelConfig,
  type ChannelListener,
  KIND_CONTROL,
  lengthPrefixed,
  PREFACE_BYTES,
  PREFACE_MAGIC,
  preface,
  prologue,
  VERSION_MAX,
} from './channel.ts';
import { handshakeErrors } from './handshake-errors.ts';
import { Machine } from './machine.ts';
import { LENGTH_BYTES, measureRecord, RecordLayer, readLength } from './records.ts';

const EMPTY = new Uint8Array(0);
const suites: Readonly<Record<number, SuiteName>> = { 1: 'classical', 2: 'hybrid' };

/** The relay's end of a channel: preface, handshake as responder, then records. */
export class ResponderChannel {
  readonly #machine = new Machine(handshakeResponder);
  readonly #config: ChannelConfig;
  readonly #listener: ChannelListener;
  readonly #parts = new PartReader((bytes, start, end) => this.#measure(bytes, start, end));
  #suite: SuiteName = 'hybrid';
  #handshake: HandshakeState | undefined;
  #records: RecordLayer | undefined;
  #nextMessage = 0;
  #error: ErrorName = 'HANDSHAKE_ORDER';

  constructor(config: ChannelConfig, listener: ChannelListener) {
    this.#config = config;
    this.#listener = listener;
  }

  /** True when nothing of a record or a message waits for its rest. WI-12. */
  get isEmpty(): boolean {
    return this.#parts.isEmpty;
  }

  receive(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    while (this.#records !== undefined || !this.#machine.isFinal) {
      const part = this.#parts.next();
      if (part === undefined || !this.#receivePart(part)) return;
    }
  }

  /** Seals a piece of the frame stream and sends it. */
  send(plaintext: Uint8Array): void {
    if (this.#records === undefined) throw new TypeError('the channel is not ready');
    this.#listener.send(this.#records.seal(plaintext));
  }

  /** Stops reading; keys are wiped. */
  close(): void {
    this.#handshake?.wipe();
    this.#records?.wipe();
  }

  #measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined {
    if (this.#records !== undefined) return measureRecord(bytes, start, end);
    if (this.#handshake === undefined) return PREFACE_BYTES;
    const length = readLength(bytes, start, end);
    if (length === undefined) return undefined;
    const expected = patterns[this.#suite].messages[this.#nextMessage]?.length;
    return length === expected ? LENGTH_BYTES + length : fail('HANDSHAKE_MALFORMED', `A message has ${length} bytes.`);
  }

  /** False when nothing after the part may be read. */
  #receivePart(part: Uint8Array | Failure): boolean {
    if (!(part instanceof Uint8Array)) return this.#refuse(part.error);
    if (this.#records !== undefined) {
      const plaintext = this.#records.open(part);
      return plaintext === undefined ? this.#refuse('RECORD_INVALID') : this.#listener.plaintext(plaintext);
    }
    if (this.#handshake === undefined) this.#receivePreface(part);
    else this.#receiveMessage(this.#handshake, part.subarray(LENGTH_BYTES));
    return true;
  }

  #refuse(error: ErrorName): false {
    if (this.#records !== undefined) this.#listener.failed(error);
    else this.#fail(error, 'failure');
    return false;
  }

  /** WI-01, WI-02. */
  #receivePreface(bytes: Uint8Array): void {
    const [first, second, version = 0, kind] = bytes;
    const suite = suites[version];
    if (first !== PREFACE_MAGIC[0] || second !== PREFACE_MAGIC[1]) {
      this.#fail('HANDSHAKE_MALFORMED', 'preface-malformed');
    } else if (suite === undefined) {
      this.#fail('UNSUPPORTED_VERSION', 'preface-unknown-version');
    } else if (kind !== KIND_CONTROL) {
      this.#fail('HANDSHAKE_MALFORMED', 'preface-malformed');
    } else {
      this.#suite = suite;
      this.#step('preface');
    }
  }

  #receiveMessage(handshake: HandshakeState, message: Uint8Array): void {
    const read = handshake.readMessage(message);
    this.#nextMessage += 1;
    if (!read.ok) this.#fail(handshakeErrors[read.class], 'failure');
    else if (this.#nextMessage === 1) this.#step('message');
    else this.#step(this.#suite === 'hybrid' ? 'message-hybrid' : 'message-classical');
  }

  /** The last message of a handshake can fail while it is written, when the table has ended already. HS-06. */
  #fail(error: ErrorName, event: HandshakeResponderEvent): void {
    this.#error = error;
    if (this.#machine.isFinal) this.#listener.failed(error);
    else this.#step(event);
  }

  #step(event: HandshakeResponderEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action);
  }

  #act(action: HandshakeResponderAction): void {
    switch (action) {
      case 'begin':
        this.#begin();
        break;
      case 'send-preface':
        this.#listener.send(preface(VERSION_MAX));
        break;
      case 'write-message':
        this.#writeMessage();
        break;
      case 'split':
        this.#split();
        break;
      case 'close':
      case 'close-out-of-order':
        this.#listener.failed(this.#error);
        break;
    }
  }

  #begin(): void {
    const { crypto, draws, staticKeys } = this.#config;
    const suite = this.#suite;
    this.#handshake = new HandshakeState({
      crypto,
      suite: noiseSuites[suite],
      role: 'responder',
      prologue: prologue(patterns[suite].version),
      staticKeys,
      draws,
    });
  }

  #writeMessage(): void {
    if (this.#handshake === undefined) throw new TypeError('the handshake has not begun');
    const written = this.#handshake.writeMessage(EMPTY);
    this.#nextMessage += 1;
    if (written.ok) this.#listener.send(lengthPrefixed(written.message));
    else this.#fail(handshakeErrors[written.class], 'failure');
  }

  #split(): void {
    const handshake = this.#handshake;
    if (handshake === undefined || !handshake.isComplete) return;
    const peer = handshake.remoteStatic;
    const handshakeHash = handshake.handshakeHash.slice();
    this.#records = new RecordLayer(handshake.split());
    handshake.wipe();
    // A channel outlives its handshake by hours: the ephemeral keys are some ten kilobytes.
    this.#handshake = undefined;
    this.#listener.ready({ version: patterns[this.#suite].version, peer, handshakeHash });
  }
}
