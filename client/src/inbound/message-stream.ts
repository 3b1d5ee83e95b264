import type { Emitter } from '../async/emitter.ts';
import { Wakeup } from '../async/wakeup.ts';
import { SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import type { Store } from '../store/port.ts';
import { type Message, toMessage } from './message.ts';

const PAGE_ITEMS = 64;

export interface MessageStreamConfig {
  readonly store: Store;
  readonly events: Emitter<SyncEvents>;
  /** The name of a device by its key. */
  readonly nameOf: (sender: Uint8Array) => string;
}

/** The messages of others, each once over all sessions: what was given counts when the next is asked for. */
export class MessageStream {
  readonly #config: MessageStreamConfig;
  readonly #closing = new AbortController();
  #consumed: number;
  #isRead = false;

  constructor(config: MessageStreamConfig, consumed: number) {
    this.#config = config;
    this.#consumed = consumed;
  }

  /**
   * Reads until the session closes or `signal` aborts.
   * @throws SyncError kind `argument` when somebody reads already.
   */
  async *read(signal?: AbortSignal): AsyncGenerator<Message, void, undefined> {
    if (this.#isRead) {
      throw new SyncError('argument', 'The messages are read already.', { hint: 'Let one loop read them.' });
    }
    this.#isRead = true;
    const wakeup = new Wakeup();
    const wake = () => wakeup.wake();
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
    const stopListening = this.#config.events.on('received', wake);
    ends.addEventListener('abort', wake);
    try {
      while (!ends.aborted) {
        const page = await this.#config.store.unconsumed(this.#consumed, PAGE_ITEMS);
        if (page.length === 0) await wakeup.wait();
        for (const entry of page) {
          if (ends.aborted) return;
          yield toMessage(entry, this.#config.nameOf(entry.sender));
          if (this.#closing.signal.aborted) return; // the store is closed: it is given again next time
          await this.#config.store.commit([{ kind: 'consumed', position: entry.position }]);
          this.#consumed = entry.position;
        }
      }
    } finally {
      stopListening();
      ends.removeEventListener('abort', wake);
      this.#isRead = false;
    }
  }

  close(): void {
    this.#closing.abort();
  }
}
