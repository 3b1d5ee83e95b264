import type { ErrorName } from '@0k-sync/generated/errors';
import {
  type HandshakeInitiatorAction,
  type HandshakeInitiatorEvent,
  handshakeInitiator,
} from '@0k-sync/generated/machines/handshake-initiator';
import { patterns } from '@0k-sync/generated/patterns';
import { Machine } from '../machine/index.ts';
import type { Failure } from '../wire/index.ts';
import type { ChannelListener, InitiatorConfig } from './channel.ts';
import type { HandshakeDriver, HandshakeListener } from './handshake-driver.ts';
import { HandshakeMessages } from './handshake-messages.ts';
import { PREFACE_BYTES, preface } from './preface.ts';
import { RecordChannel } from './record-channel.ts';
import { readLength } from './records.ts';

/** A version answer begins with these two bytes; read as a length, no handshake message has it. WI-02. */
const VERSION_ANSWER = 0x304b;

/** The client's handshake: preface, then the messages of its suite as initiator. HS-30 to HS-45. */
class Initiator implements HandshakeDriver {
  readonly #machine = new Machine(handshakeInitiator);
  readonly #config: InitiatorConfig;
  readonly #listener: HandshakeListener;
  readonly #messages: HandshakeMessages;
  #error: ErrorName = 'HANDSHAKE_ORDER';

  constructor(config: InitiatorConfig, listener: HandshakeListener) {
    this.#config = config;
    this.#listener = listener;
    this.#messages = new HandshakeMessages(config, config.suite, 'initiator');
  }

  get isOver(): boolean {
    return this.#machine.isFinal;
  }

  begin(): void {
    this.#step('begin');
  }

  measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined {
    if (readLength(bytes, start, end) === VERSION_ANSWER) return PREFACE_BYTES;
    return this.#messages.measure(bytes, start, end);
  }

  receive(part: Uint8Array): void {
    if (part.length === PREFACE_BYTES) {
      this.#fail('UNSUPPORTED_VERSION', 'version-answer');
      return;
    }
    const error = this.#messages.read(part);
    if (error === undefined) this.#step('message');
    else this.#fail(error, 'failure');
  }

  refuse(error: ErrorName): void {
    this.#fail(error, 'failure');
  }

  wipe(): void {
    this.#messages.wipe();
  }

  /** Ends the handshake. Writing the last message can fail when the machine is final already. HS-05. */
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
    const written = this.#messages.write();
    if (written instanceof Uint8Array) this.#listener.send(written);
    else this.#fail(written, 'failure');
  }

  /** Checks the relay's pin before message 3 is written. HS-12. */
  #checkPin(): void {
    const refusal = this.#config.checkPeer(this.#messages.peer);
    if (refusal !== undefined) this.#fail(refusal, 'pin-refused');
    else this.#step(this.#config.suite === 'hybrid' ? 'pin-accepted-hybrid' : 'pin-accepted-classical');
  }

  #split(): void {
    const split = this.#messages.split();
    if (split !== undefined) this.#listener.complete(split.records, split.info);
  }
}

/** The client's end of a channel, which speaks first: call `begin`. */
export function initiatorChannel(config: InitiatorConfig, listener: ChannelListener): RecordChannel {
  return new RecordChannel((events) => new Initiator(config, events), listener);
}
