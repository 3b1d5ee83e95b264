import type { ErrorName } from '@0k-sync/generated/errors';
import {
  type HandshakeInitiatorAction,
  type HandshakeInitiatorEvent,
  handshakeInitiator,
} from '@0k-sync/generated/machines/handshake-initiator';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { HandshakeState, noiseSuites } from '../noise/index.ts';
import { type Failure, fail, PartReader } from '../wire/index.ts';
import {
  type ChannelConfig,
  type ChannelListener,
  lengthPrefixed,
  type PeerStatics,
  PREFACE_BYTES,
  preface,
  prologue,
} from './channel.ts';
import { handshakeErrors } from './handshake-errors.ts';
import { Machine } from './machine.ts';
import { LENGTH_BYTES, measureRecord, RecordLayer, readLength } from './records.ts';

/** The length that a version answer's first two bytes would be; no handshake message has it. WI-02. */
const VERSION_ANSWER = 0x304b;
const EMPTY = new Uint8Array(0);

export interface InitiatorConfig extends ChannelConfig {
  readonly suite: SuiteName;
  /** The pin check of HS-12: undefined accepts, an error name refuses. Called before message 3 is written. */
  readonly checkPeer: (peer: PeerStatics) => ErrorName | undefined;
}

/** The client's end of a channel: preface, handshake as initiator, then records. */
export class InitiatorChannel {
  readonly #machine = new Machine(handshakeInitiator);
  readonly #config: InitiatorConfig;
  readonly #listener: ChannelListener;
  readonly #handshake: HandshakeState;
  readonly #parts = new PartReader((bytes, start, end) => this.#measure(bytes, start, end));
  #records: RecordLayer | undefined;
  #nextMessage = 0;
  #error: ErrorName = 'HANDSHAKE_ORDER';

  constructor(config: InitiatorConfig, listener: ChannelListener) {
    const { crypto, draws, staticKeys, suite } = config;
    this.#config = config;
    this.#listener = listener;
    this.#handshake = new HandshakeState({
      crypto,
      suite: noiseSuites[suite],
      role: 'initiator',
      prologue: prologue(patterns[suite].version),
      staticKeys,
      draws,
    });
  }

  /** True when nothing of a record or a message waits for its rest. WI-12. */
  get isEmpty(): boolean {
    return this.#parts.isEmpty;
  }

  begin(): void {
    this.#step('begin');
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
    this.#handshake.wipe();
    this.#records?.wipe();
  }

  #measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined {
    if (this.#records !== undefined) return measureRecord(bytes, start, end);
    const length = readLength(bytes, start, end);
    if (length === undefined) return undefined;
    if (length === VERSION_ANSWER) return PREFACE_BYTES;
    const expected = patterns[this.#config.suite].messages[this.#nextMessage]?.length;
    return length === expected ? LENGTH_BYTES + length : fail('HANDSHAKE_MALFORMED', `A message has ${length} bytes.`);
  }

  /** False when nothing after the part may be read. */
  #receivePart(part: Uint8Array | Failure): boolean {
    if (!(part instanceof Uint8Array)) return this.#refuse(part.error);
    if (this.#records !== undefined) {
      const plaintext = this.#records.open(part);
      return plaintext === undefined ? this.#refuse('RECORD_INVALID') : this.#listener.plaintext(plaintext);
    }
    if (part.length === PREFACE_BYTES) this.#fail('UNSUPPORTED_VERSION', 'version-answer');
    else this.#receiveMessage(part.subarray(LENGTH_BYTES));
    return true;
  }

  #refuse(error: ErrorName): false {
    if (this.#records !== undefined) this.#listener.failed(error);
    else this.#fail(error, 'failure');
    return false;
  }

  #receiveMessage(message: Uint8Array): void {
    const read = this.#handshake.readMessage(message);
    this.#nextMessage += 1;
    if (!read.ok) this.#fail(handshakeErrors[read.class], 'failure');
    else this.#step('message');
  }

  /** The last message of a handshake can fail while it is written, when the table has ended already. HS-05. */
  #fail(error: ErrorName, event: HandshakeInitiatorEvent): void {
    this.#error = error;
    if (this.#machine.isFinal) this.#listener.failed(error);
    else this.#step(event);
  }

  #step(event: HandshakeInitiatorEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action);
  }

  #act(action: HandshakeInitiatorAction): void {
    switch (action) {
      case 'send-preface':
        this.#listener.send(preface(patterns[this.#config.suite].version));
        break;
      case 'write-message':
        this.#writeMessage();
        break;
      case 'check-pin':
        this.#checkPin();
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

  #writeMessage(): void {
    const written = this.#handshake.writeMessage(EMPTY);
    this.#nextMessage += 1;
    if (written.ok) this.#listener.send(lengthPrefixed(written.message));
    else this.#fail(handshakeErrors[written.class], 'failure');
  }

  /** HS-12: before message 3 is written. */
  #checkPin(): void {
    const refusal = this.#config.checkPeer(this.#handshake.remoteStatic);
    if (refusal !== undefined) this.#fail(refusal, 'pin-refused');
    else this.#step(this.#config.suite === 'hybrid' ? 'pin-accepted-hybrid' : 'pin-accepted-classical');
  }

  #split(): void {
    if (!this.#handshake.isComplete) return;
    const peer = this.#handshake.remoteStatic;
    const handshakeHash = this.#handshake.handshakeHash.slice();
    this.#records = new RecordLayer(this.#handshake.split());
    this.#handshake.wipe();
    this.#listener.ready({ version: patterns[this.#config.suite].version, peer, handshakeHash });
  }
}
