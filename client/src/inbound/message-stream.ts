import type { Emitter, Unsubscribe } from '../async/emitter.ts';
import { Wakeup } from '../async/wakeup.ts';
import { SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import type { Store } from '../store/port.ts';
import { type Message, type MessagesOptions, toMessage } from './message.ts';

const PAGE_ITEMS = 64;

interface MessageStreamDeps {
  readonly store: Store;
  readonly events: Emitter<SyncEvents>;
  /** The name of a device by its key. */
  readonly nameOf: (sender: Uint8Array) => string;
  /** Has the relays deliver until the returned function is called. */
  readonly listen: () => Unsubscribe;
  /** The error because of which no message will come by itself; undefined while one may come. */
  readonly deadEnd: () => SyncError | undefined;
  /** Calls the listener when the links have changed, until the returned function is called. */
  readonly onChange: (listener: () => void) => Unsubscribe;
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
   * Reads until the session closes or `signal` aborts; without `live`, to the end of what is stored. A message is marked
   * read when the next one is requested.
   *
   * @throws SyncError kind `argument` when another loop is reading; the error that has stopped every link
   */
  async *read({ signal, live = true }: MessagesOptions): AsyncGenerator<Message, void, undefined> {
    if (this.#isReading) {
      throw new SyncError('argument', 'Another loop is reading the messages already.', {
        hint: 'Read the messages in one loop only.',
      });
    }
    this.#isReading = true;
    const { store, events, nameOf, listen, deadEnd, onChange } = this.#deps;
    const wakeup = new Wakeup();
    const wake = () => wakeup.wake();
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
    const stops = live ? [listen(), events.on('received', wake), onChange(wake)] : [];
    ends.addEventListener('abort', wake);
    try {
      while (!ends.aborted) {
        const page = await store.unconsumed(this.#consumed, PAGE_ITEMS);
        if (page.length === 0 && !live) return;
        const end = page.length === 0 ? deadEnd() : undefined;
        if (end !== undefined) throw end;
        if (page.length === 0) await wakeup.wait();
        for (const entry of page) {
          if (ends.aborted) return;
          yield toMessage(entry, nameOf(entry.sender));
          if (this.#closing.signal.aborted) return; // the store is closed, so the next session gives this message again
          await store.commit([{ kind: 'consumed', position: entry.position }]);
          this.#consumed = entry.position;
        }
      }
    } finally {
      for (const stop of stops) stop();
      ends.removeEventListener('abort', wake);
      this.#isReading = false;
    }
  }

  close(): void {
    this.#closing.abort();
  }
}
