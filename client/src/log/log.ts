import { zBase32 } from '@0k-sync/core/bytes';
import type { Unsubscribe } from '../async/emitter.ts';
import { keyText } from '../group/key-name.ts';
import { type Message, toMessage } from '../inbound/message.ts';
import { PageSize } from '../inbound/page-size.ts';
import type { Store } from '../store/port.ts';
import type { StoredCursor, StoredMessage } from '../store/types.ts';
import type { AppTables, AppTransaction } from './app-tables.ts';
import { checkCursorName, checkPosition, checkTopic } from './arguments.ts';
import { type Handler, Processing, type ProcessOptions } from './processing.ts';
import { type Unread, UnreadCount } from './unread.ts';

/** Collaborators of Log. */
export interface LogDeps {
  readonly store: Store;
  /** The highest position that the store had given when it was opened. */
  readonly head: number;
  /** This device's key in the group, 32 bytes. */
  readonly deviceKey: () => Uint8Array;
  /** The name of a device by its key; empty without one. */
  readonly nameOf: (deviceKey: Uint8Array) => string;
  /** Has the relays deliver until the returned function is called. */
  readonly listen: () => Unsubscribe;
  /** The app's tables; undefined on a device that has none. */
  readonly tables: AppTables | undefined;
  /** @throws SyncError kind `closed` */
  readonly assertOpen: () => void;
  /** Aborts when the group is closed. */
  readonly closing: AbortSignal;
}

/** Options of `log.read()`. */
export interface ReadLogOptions {
  /** Position after which to begin; default 0. */
  readonly after?: number;
  /** Reads only messages with this topic; the empty text stands for those without one. Default: all. EN-36. */
  readonly topic?: string;
  /** At most this many messages; default: all. */
  readonly limit?: number;
  /** Ends the loop with the signal's reason when it aborts. */
  readonly signal?: AbortSignal;
}

/** Options of `log.unread()`. */
export interface UnreadOptions {
  /** Counts only messages with this topic. Default: all. EN-36. */
  readonly topic?: string;
}

/**
 * The messages of a group as this device has stored them, its own from the moment they were pushed: one log over all
 * relays, which is read without a network.
 */
export class Log {
  readonly #deps: LogDeps;
  readonly #growing = new Set<() => void>();
  readonly #unread = new Map<string, UnreadCount>();
  readonly #processing: Processing;
  #head: number;

  constructor(deps: LogDeps) {
    this.#deps = deps;
    this.#head = deps.head;
    const unwatch = deps.store.watch((head) => {
      this.#head = Math.max(this.#head, head);
      for (const listener of [...this.#growing]) listener();
    });
    deps.closing.addEventListener('abort', unwatch, { once: true });
    this.#processing = new Processing({
      ...deps,
      keyOf: (name) => this.#keyOf(name),
      toMessages: (page) => this.#toMessages(page),
      onGrowth: (listener) => this.#onGrowth(listener),
      moved: (name) => this.#moved(name),
    });
  }

  /** The highest position so far; 0 in an empty log. */
  get head(): number {
    return this.#head;
  }

  /**
   * Reads the log page by page, in the order of the positions, and ends at its end.
   *
   * @throws SyncError kind `argument` for a wrong position, `closed`; the signal's reason
   */
  async *read(options: ReadLogOptions = {}): AsyncGenerator<readonly Message[], void, undefined> {
    const { after = 0, topic, limit = Number.MAX_SAFE_INTEGER, signal } = options;
    checkPosition('after', after);
    checkPosition('limit', limit);
    checkTopic(topic);
    const size = new PageSize();
    for (let [position, left] = [after, limit]; left > 0; ) {
      signal?.throwIfAborted();
      this.#deps.assertOpen();
      const page = await this.#deps.store.messages(position, Math.min(size.limit, left), topic);
      size.learn(page);
      const last = page.at(-1);
      if (last === undefined) return;
      yield this.#toMessages(page);
      position = last.position;
      left -= page.length;
    }
  }

  /**
   * Gives the handler every message after a named cursor, page by page, each exactly once: what it writes with `tx` and the
   * cursor are one transaction. Goes on with what is pushed and delivered until the group is closed, also when the relay
   * refuses this device (`group.state` says so); without `live` it resolves at the end of the log. When the handler throws or the signal aborts, nothing of the page stays, the call rejects,
   * and the next one gives the same page again.
   *
   * @throws SyncError kind `argument` when the cursor is processed already, or there are no tables and no `into`; `store`,
   *   `closed`; the handler's error; the signal's reason
   */
  process<Tx = AppTransaction>(name: string, handler: Handler<Tx>, options: ProcessOptions<Tx> = {}): Promise<void> {
    return this.#processing.run(name, handler, options);
  }

  /** The number of messages of others behind a named cursor, always the same object for the same arguments. */
  unread(name: string, { topic }: UnreadOptions = {}): Unread {
    checkCursorName(name);
    checkTopic(topic);
    const key = JSON.stringify([name, topic]);
    const known = this.#unread.get(key);
    if (known !== undefined) return known;
    const unread = new UnreadCount(this.#deps.store, () => this.#head, name, topic);
    this.#unread.set(key, unread);
    this.#growing.add(() => unread.grown());
    return unread;
  }

  /** Resolves with the named cursors, by name. */
  async cursors(): Promise<readonly StoredCursor[]> {
    this.#deps.assertOpen();
    return await this.#deps.store.cursors();
  }

  /**
   * Puts a named cursor at a position, for example when the user has seen everything up to it, or back, so that
   * `process()` gives messages again. The cursor of a `process()` into the app's own database is the app's to move there.
   *
   * @throws SyncError kind `argument` while the cursor is processed, `store`, `closed`
   */
  async moveCursor(name: string, position: number): Promise<void> {
    checkPosition('position', position);
    this.#assertIdle(name);
    await this.#deps.tables?.moveCursor(this.#keyOf(name), position);
    await this.#deps.store.commit([{ kind: 'cursor', cursor: { name, position } }]);
    this.#moved(name);
  }

  /** Removes a named cursor; a process with this name begins at the first message. Rejects as `moveCursor()`. */
  async removeCursor(name: string): Promise<void> {
    this.#assertIdle(name);
    await this.#deps.tables?.removeCursor(this.#keyOf(name));
    await this.#deps.store.commit([{ kind: 'forget-cursor', name }]);
    this.#moved(name);
  }

  /**
   * Removes the content of messages that every named cursor and `messages()` have passed, up to a position if one is given;
   * without cursors only up to that position. What no relay has stored yet stays, and so does the evidence of the chains.
   * Resolves with the number of messages.
   *
   * @throws SyncError kind `argument` for a wrong position, `store`, `closed`
   */
  async prune({ through }: { readonly through?: number } = {}): Promise<number> {
    if (through !== undefined) checkPosition('through', through);
    this.#deps.assertOpen();
    const { store } = this.#deps;
    const { consumed } = await store.load();
    const passed = (await store.cursors()).map(({ position }) => position);
    if (consumed > 0) passed.push(consumed);
    if (passed.length === 0 && through === undefined) return 0;
    const pruned = await store.prune(Math.min(through ?? Number.MAX_SAFE_INTEGER, ...passed));
    for (const unread of this.#unread.values()) unread.moved();
    return pruned;
  }

  #assertIdle(name: string): void {
    checkCursorName(name);
    this.#deps.assertOpen();
    this.#processing.assertIdle(name);
  }

  /** Devices that share a database of an app have cursors of their own, because positions are those of one device. */
  #keyOf(name: string): string {
    return `${zBase32(this.#deps.deviceKey())}/${name}`;
  }

  #moved(name: string): void {
    for (const [key, unread] of this.#unread) if (JSON.parse(key)[0] === name) unread.moved();
  }

  #onGrowth(listener: () => void): Unsubscribe {
    this.#growing.add(listener);
    return () => void this.#growing.delete(listener);
  }

  #toMessages(page: readonly StoredMessage[]): readonly Message[] {
    return page.map((stored) => {
      const sender = stored.sender.length === 0 ? this.#deps.deviceKey() : stored.sender;
      return toMessage(stored, keyText(sender), this.#deps.nameOf(sender));
    });
  }
}
