import type { ErrorName } from '@0k-sync/generated/errors';
import {
  type HandshakeResponderAction,
  type HandshakeResponderEvent,
  handshakeResponder,
} from '@0k-sync/generated/machines';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { HandshakeState, noiseSuites } from '../noise/index.ts';
import { ByteQueue } from './byte-queue.ts';
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
import { RecordLayer } from './records.ts';

const EMPTY = new Uint8Array(0);
const suites: Readonly<Record<number, SuiteName>> = { 1: 'classical', 2: 'hybrid' };

/** The relay's end of a channel: preface, handshake as responder, then records. */
export class ResponderChannel {
  readonly #machine = new Machine(handshakeResponder);
  readonly #config: ChannelConfig;
  readonly #listener: ChannelListener;
  readonly #received = new ByteQueue();
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
  get isBetweenRecords(): boolean {
    return this.#records !== undefined && this.#received.length === 0;
  }

  receive(bytes: Uint8Array): void {
    this.#received.push(bytes);
    while (this.#records === undefined && !this.#machine.isFinal && this.#receivePart());
    if (this.#records === undefined) return;
    const error = this.#records.open(this.#received, (plaintext) => this.#listener.plaintext(plaintext));
    if (error !== undefined) this.#listener.failed(error);
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

  #receivePart(): boolean {
    return this.#handshake === undefined ? this.#receivePreface() : this.#receiveMessage(this.#handshake);
  }

  /** WI-01, WI-02. */
  #receivePreface(): boolean {
    const bytes = this.#received.take(PREFACE_BYTES);
    if (bytes === undefined) return false;
    const [first, second, version = 0, kind] = bytes;
    if (first !== PREFACE_MAGIC[0] || second !== PREFACE_MAGIC[1]) {
      this.#fail('HANDSHAKE_MALFORMED', 'preface-malformed');
      return false;
    }
    const suite = suites[version];
    if (suite === undefined) {
      this.#fail('UNSUPPORTED_VERSION', 'preface-unknown-version');
      return false;
    }
    if (kind !== KIND_CONTROL) {
      this.#fail('HANDSHAKE_MALFORMED', 'preface-malformed');
      return false;
    }
    this.#suite = suite;
    this.#step('preface');
    return true;
  }

  /** Reads one handshake message when it is there; false when more bytes are needed. */
  #receiveMessage(handshake: HandshakeState): boolean {
    const length = this.#received.peekU16();
    if (length === undefined) return false;
    if (length !== patterns[this.#suite].messages[this.#nextMessage]?.length) {
      this.#fail('HANDSHAKE_MALFORMED', 'failure');
      return false;
    }
    const message = this.#received.take(2 + length)?.subarray(2);
    if (message === undefined) return false;
    const read = handshake.readMessage(message);
    this.#nextMessage += 1;
    if (!read.ok) this.#fail(handshakeErrors[read.class], 'failure');
    else if (this.#nextMessage === 1) this.#step('message');
    else this.#step(this.#suite === 'hybrid' ? 'message-hybrid' : 'message-classical');
    return true;
  }

  #fail(error: ErrorName, event: HandshakeResponderEvent): void {
    this.#error = error;
    this.#step(event);
  }

  #step(event: HandshakeResponderEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action);
  }

  #act(action: HandshakeResponderAction): void {
    switch (action) {
      case 'begin':
        this.#begin();
        return;
      case 'send-preface':
        this.#listener.send(preface(VERSION_MAX));
        return;
      case 'write-message':
        this.#writeMessage();
        return;
      case 'split':
        this.#split();
        return;
      case 'close':
      case 'close-out-of-order':
        this.#listener.failed(this.#error);
        return;
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
    if (handshake === undefined) throw new TypeError('the handshake has not begun');
    const peer = handshake.remoteStatic;
    const handshakeHash = handshake.handshakeHash.slice();
    this.#records = new RecordLayer(handshake.split());
    handshake.wipe();
    this.#listener.ready({ version: patterns[this.#suite].version, peer, handshakeHash });
  }
}
