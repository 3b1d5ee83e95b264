import type { Emitter } from '../async/emitter.ts';
import { Wakeup } from '../async/wakeup.ts';
import { SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import type { Store } from '../store/port.ts';
import { type Message, toMessage } from './message.ts';

const PAGE_ITEMS = 64;

interface MessageStreamDeps {
  readonly store: Store;
  readonly events: Emitter<SyncEvents>;
  /** The name of a device by its key. */
  readonly nameOf: (sender: Uint8Array) => string;
}

/** Gives the app the messages of other members, each once, even across restarts. */
export class MessageStream {
  readonly #deps: MessageStreamDeps;
  readonly #closing = new AbortController();
  #consumed: number;
  #isReading = false;

  constructor(deps: MessageStreamDeps, consumed: number) {
    this.#deps = deps;
    this.#consumed = consumed;
  }

  /**
   * Reads until the session closes or `signal` aborts. A message is marked read when the next one is requested.
   * @throws SyncError kind `argument` when another loop is reading.
   */
  async *read(signal?: AbortSignal): AsyncGenerator<Message, void, undefined> {
    if (this.#isReading) {
      throw new SyncError('argument', 'Another loop is reading the messages already.', {
        hint: 'Read the messages in one loop only.',
      });
    }
    this.#isReading = true;
    const wakeup = new Wakeup();
    const wake = () => wakeup.wake();
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
    const stopListening = this.#deps.events.on('received', wake);
    ends.addEventListener('abort', wake);
    try {
      while (!ends.aborted) {
        const page = await this.#deps.store.unconsumed(this.#consumed, PAGE_ITEMS);
        if (page.length === 0) await wakeup.wait();
        for (const entry of page) {
          if (ends.aborted) return;
          yield toMessage(entry, this.#deps.nameOf(entry.sender));
          if (this.#closing.signal.aborted) return; // the store is closed, so the next session gives this message again
          await this.#deps.store.commit([{ kind: 'consumed', position: entry.position }]);
          this.#consumed = entry.position;
        }
      }
    } finally {
      stopListening();
      ends.removeEventListener('abort', wake);
      this.#isReading = false;
    }
  }

  close(): void {
    this.#closing.abort();
  }
}
