import type { Emitter, Unsubscribe } from '../async/emitter.ts';
import { Wakeup } from '../async/wakeup.ts';
import { SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import { keyText } from '../group/key-name.ts';
import type { Store } from '../store/port.ts';
import { type Message, type MessagesOptions, toMessage } from './message.ts';
import { PageSize } from './page-size.ts';

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
  /** Position of the last message that the loop is done with. */
  #consumed: number;
  /** The position that the store has. */
  #acknowledged: number;
  #isReading = false;

  constructor(deps: MessageStreamDeps, consumed: number) {
    this.#deps = deps;
    this.#consumed = consumed;
    this.#acknowledged = consumed;
  }

  /**
   * Reads until the session closes or `signal` aborts; without `live`, to the end of what is stored. A message is read when
   * the next one is requested or the loop is left; that is stored once for each page.
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
    const size = new PageSize();
    const wake = () => wakeup.wake();
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
    const stops = live ? [listen(), events.on('received', wake), onChange(wake)] : [];
    ends.addEventListener('abort', wake);
    let given: number | undefined;
    try {
      while (!ends.aborted) {
        const page = await store.unconsumed(this.#consumed, size.limit);
        size.learn(page);
        if (page.length === 0 && !live) return;
        const end = page.length === 0 ? deadEnd() : undefined;
        if (end !== undefined) throw end;
        if (page.length === 0) await wakeup.wait();
        for (const entry of page) {
          if (ends.aborted) return;
          given = entry.position;
          yield toMessage(entry, keyText(entry.sender), nameOf(entry.sender));
          given = undefined;
          if (this.#closing.signal.aborted) return; // the store is closed, so the next session gives this message again
          this.#consumed = entry.position;
        }
        await this.#acknowledge();
      }
    } finally {
      if (!this.#closing.signal.aborted) {
        this.#consumed = given ?? this.#consumed; // the loop was left with a message in hand
        await this.#acknowledge();
      }
      for (const stop of stops) stop();
      ends.removeEventListener('abort', wake);
      this.#isReading = false;
    }
  }

  /** Stores what was read, and ends the loop. */
  async close(): Promise<void> {
    const acknowledged = this.#acknowledge();
    this.#closing.abort();
    await acknowledged.catch(() => {}); // the next session gives those messages again
  }

  async #acknowledge(): Promise<void> {
    const position = this.#consumed;
    if (position === this.#acknowledged) return;
    await this.#deps.store.commit([{ kind: 'consumed', position }]);
    this.#acknowledged = position;
  }
}
