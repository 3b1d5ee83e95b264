import type { ErrorName } from '@0k-sync/generated/errors';
import {
  type HandshakeResponderAction,
  type HandshakeResponderEvent,
  handshakeResponder,
} from '@0k-sync/generated/machines/handshake-responder';
import type { SuiteName } from '@0k-sync/generated/patterns';
import { Machine } from '../machine/index.ts';
import type { Failure } from '../wire/index.ts';
import type { ChannelConfig, ChannelListener } from './channel.ts';
import type { HandshakeDriver, HandshakeListener } from './handshake-driver.ts';
import { HandshakeMessages } from './handshake-messages.ts';
import { KIND_CONTROL, PREFACE_BYTES, PREFACE_MAGIC, preface, VERSION_MAX } from './preface.ts';
import { RecordChannel } from './record-channel.ts';

const suites: Readonly<Record<number, SuiteName>> = { 1: 'classical', 2: 'hybrid' };

/** The relay's handshake: the client's preface names a suite, whose messages follow. HS-50 to HS-64. */
class Responder implements HandshakeDriver {
  readonly #machine = new Machine(handshakeResponder);
  readonly #config: ChannelConfig;
  readonly #listener: HandshakeListener;
  #suite: SuiteName = 'hybrid';
  /** Undefined before the preface. */
  #messages: HandshakeMessages | undefined;
  #error: ErrorName = 'HANDSHAKE_ORDER';

  constructor(config: ChannelConfig, listener: HandshakeListener) {
    this.#config = config;
    this.#listener = listener;
  }

  get isOver(): boolean {
    return this.#machine.isFinal;
  }

  /** The responder waits for the preface. */
  begin(): void {}

  measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined {
    return this.#messages === undefined ? PREFACE_BYTES : this.#messages.measure(bytes, start, end);
  }

  receive(part: Uint8Array): void {
    if (this.#messages === undefined) this.#receivePreface(part);
    else this.#receiveMessage(this.#messages, part);
  }

  refuse(error: ErrorName): void {
    this.#fail(error, 'failure');
  }

  wipe(): void {
    this.#messages?.wipe();
  }

  /** Reads the client's preface, which alone decides the version. WI-01, WI-02, WI-03. */
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

  #receiveMessage(messages: HandshakeMessages, part: Uint8Array): void {
    const error = messages.read(part);
    if (error !== undefined) this.#fail(error, 'failure');
    else if (messages.count === 1) this.#step('message');
    else this.#step(this.#suite === 'hybrid' ? 'message-hybrid' : 'message-classical');
  }

  /** Ends the handshake. Writing the last message can fail when the machine is final already. HS-06. */
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
        this.#messages = new HandshakeMessages(this.#config, this.#suite, 'responder');
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

  #writeMessage(): void {
    const written = this.#messages?.write() ?? 'HANDSHAKE_ORDER';
    if (written instanceof Uint8Array) this.#listener.send(written);
    else this.#fail(written, 'failure');
  }

  #split(): void {
    const split = this.#messages?.split();
    if (split !== undefined) this.#listener.complete(split.records, split.info);
  }
}

/** The relay's end of a channel. A function of its own module, so that a client does not load the relay's machine. */
export function responderChannel(config: ChannelConfig, listener: ChannelListener): RecordChannel {
  return new RecordChannel((events) => new Responder(config, events), listener);
}
