import type { Output } from '@0k-sync/core/session';
import type { ByteStream, Connection, ConnectionEnd, StreamHandler } from '@0k-sync/transport';

/** The part of ClientSession and RelaySession that a wire uses. */
interface Engine<Event> {
  receive(bytes: Uint8Array, now: number): void;
  takeOutputs(): Output<Event>[];
}

const NOWHERE: StreamHandler = { data: () => {}, end: () => {}, closed: () => {} };

/** A connection to one engine without a network: what either end sends has arrived when the call returns. */
export class EngineWire<E extends Engine<Event>, Event> {
  readonly engine: E;
  readonly events: Event[] = [];
  /** Number with which the engine closed the connection; undefined while it has not. */
  closeCode: number | undefined;
  /** Monotonic time of the engine, ms. */
  now = 0;
  /** The end of a raw client or relay. */
  readonly connection: Connection;
  readonly stream: ByteStream;
  readonly #closed = Promise.withResolvers<ConnectionEnd>();
  #handler = NOWHERE;
  #isRunning = false;
  #receivedBytes = 0;

  constructor(engine: E) {
    this.engine = engine;
    this.stream = {
      write: (bytes) => this.#receive(bytes),
      bufferedBytes: 0,
      receive: (handler) => {
        this.#handler = handler;
      },
      end: () => {},
      reset: () => {},
    };
    const bytes = () => this.#receivedBytes;
    this.connection = {
      remote: { host: 'engine', port: 0 },
      openStream: () => this.stream,
      onStream: (handler) => handler(this.stream),
      close: async (code) => this.#closed.resolve({ code, reason: '', remote: false, lost: false }),
      closed: this.#closed.promise,
      get receivedBytes() {
        return bytes();
      },
    };
  }

  /** Carries out the engine's outputs until there are none. */
  run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let outputs = this.engine.takeOutputs(); outputs.length > 0; outputs = this.engine.takeOutputs()) {
      for (const output of outputs) this.#carryOut(output);
    }
    this.#isRunning = false;
  }

  #receive(bytes: Uint8Array): void {
    this.engine.receive(bytes, this.now);
    this.run();
  }

  #carryOut(output: Output<Event>): void {
    if (output.type === 'event') this.events.push(output.event);
    else if (output.type === 'end') this.#handler.end();
    else if (output.type === 'send') {
      this.#receivedBytes += output.bytes.length;
      this.#handler.data(output.bytes);
    } else {
      this.closeCode = output.code;
      this.#closed.resolve({ code: output.code, reason: '', remote: true, lost: false });
    }
  }
}
