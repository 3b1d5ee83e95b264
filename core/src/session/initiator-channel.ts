import type { ErrorName } from '@0k-sync/generated/errors';
import type { HandshakeInitiatorAction, HandshakeInitiatorEvent } from '@0k-sync/generated/machines';
import { handshakeInitiator } from '@0k-sync/generated/machines';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { HandshakeState, noiseSuites } from '../noise/index.ts';
import { ByteQueue } from './byte-queue.ts';
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
import { RecordLayer } from './records.ts';

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
  readonly #received = new ByteQueue();
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
  get isBetweenRecords(): boolean {
    return this.#records !== undefined && this.#received.length === 0;
  }

  begin(): void {
    this.#step('begin');
  }

  receive(bytes: Uint8Array): void {
    this.#received.push(bytes);
    while (this.#records === undefined && !this.#machine.isFinal && this.#receiveMessage());
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
    this.#handshake.wipe();
    this.#records?.wipe();
  }

  /** Reads one handshake message when it is there; false when more bytes are needed. */
  #receiveMessage(): boolean {
    const length = this.#received.peekU16();
    if (length === undefined) return false;
    if (length === VERSION_ANSWER) {
      if (this.#received.take(PREFACE_BYTES) === undefined) return false;
      this.#fail('UNSUPPORTED_VERSION', 'version-answer');
      return false;
    }
    if (length !== patterns[this.#config.suite].messages[this.#nextMessage]?.length) {
      this.#fail('HANDSHAKE_MALFORMED', 'failure');
      return false;
    }
    const message = this.#received.take(2 + length)?.subarray(2);
    if (message === undefined) return false;
    const read = this.#handshake.readMessage(message);
    this.#nextMessage += 1;
    if (!read.ok) this.#fail(handshakeErrors[read.class], 'failure');
    else this.#step('message');
    return true;
  }

  #fail(error: ErrorName, event: HandshakeInitiatorEvent): void {
    this.#error = error;
    this.#step(event);
  }

  #step(event: HandshakeInitiatorEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action);
  }

  #act(action: HandshakeInitiatorAction): void {
    switch (action) {
      case 'send-preface':
        this.#listener.send(preface(patterns[this.#config.suite].version));
        return;
      case 'write-message':
        this.#writeMessage();
        return;
      case 'check-pin':
        this.#checkPin();
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
    const peer = this.#handshake.remoteStatic;
    const handshakeHash = this.#handshake.handshakeHash.slice();
    this.#records = new RecordLayer(this.#handshake.split());
    this.#handshake.wipe();
    this.#listener.ready({ version: patterns[this.#config.suite].version, peer, handshakeHash });
  }
}
