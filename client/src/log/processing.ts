import type { Unsubscribe } from '../async/emitter.ts';
import { Wakeup } from '../async/wakeup.ts';
import { SyncError } from '../error.ts';
import type { Message } from '../inbound/message.ts';
import { PageSize } from '../inbound/page-size.ts';
import type { Store } from '../store/port.ts';
import type { StoredMessage } from '../store/types.ts';
import type { AppTables } from './app-tables.ts';
import { checkCursorName, checkTopic } from './arguments.ts';
import type { ProcessTarget } from './process-target.ts';

/** Handles a page of messages for the app, in one transaction with the cursor. */
export type Handler<Tx> = (page: readonly Message[], tx: Tx) => void | Promise<void>;

/** Options of `log.process()`. */
export interface ProcessOptions<Tx> {
  /** Gives only messages with this topic. Default: all. EN-36. */
  readonly topic?: string;
  /** The database that the handler writes to, which has the cursor. Default: `device.tables`. */
  readonly into?: ProcessTarget<Tx>;
  /** False ends at the last stored message; true, which is the default, goes on with what comes. */
  readonly live?: boolean;
  /** Rolls the open transaction back and rejects the call with the signal's reason when it aborts. */
  readonly signal?: AbortSignal;
}

interface ProcessingDeps {
  readonly store: Store;
  readonly tables: AppTables | undefined;
  readonly assertOpen: () => void;
  readonly listen: () => Unsubscribe;
  /** Aborts when the log is closed. */
  readonly closing: AbortSignal;
  /** The name of a cursor in a target. */
  readonly keyOf: (name: string) => string;
  readonly toMessages: (page: readonly StoredMessage[]) => readonly Message[];
  /** Calls the listener when there are more messages, until the returned function is called. */
  readonly onGrowth: (listener: () => void) => Unsubscribe;
  /** Tells that a cursor was moved. */
  readonly moved: (name: string) => void;
}

/** A running `process()`. */
interface Job<Tx> {
  readonly name: string;
  readonly handler: Handler<Tx>;
  readonly target: ProcessTarget<Tx>;
  readonly topic: string | undefined;
  /** Aborts with the caller's signal, and when the log is closed. */
  readonly ends: AbortSignal;
}

/** So many pages are processed without a pause before the store's copy of the cursor is written again. */
const PAGES_PER_COPY = 16;

/** Runs the handlers of named cursors. */
export class Processing {
  readonly #deps: ProcessingDeps;
  readonly #running = new Set<string>();

  constructor(deps: ProcessingDeps) {
    this.#deps = deps;
  }

  /** @throws SyncError kind `argument` when the cursor is processed now */
  assertIdle(name: string): void {
    if (!this.#running.has(name)) return;
    throw new SyncError('argument', `The cursor "${name}" is processed already.`, {
      hint: 'Call log.process() once for each name, and move its cursor when that call is over.',
    });
  }

  /** See `Log.process`. */
  async run<Tx>(name: string, handler: Handler<Tx>, options: ProcessOptions<Tx>): Promise<void> {
    checkCursorName(name);
    if (typeof handler !== 'function') throw new TypeError(`handler: expected a function, got ${typeof handler}`);
    const { topic, live = true, signal } = options;
    checkTopic(topic);
    this.#deps.assertOpen();
    this.assertIdle(name);
    signal?.throwIfAborted();
    const target =
      options.into ?? (this.#deps.tables as ProcessTarget<unknown> | undefined as ProcessTarget<Tx> | undefined);
    if (target === undefined) throw noTablesError();
    const { closing } = this.#deps;
    const ends = signal === undefined ? closing : AbortSignal.any([closing, signal]);
    const wakeup = new Wakeup();
    const wake = () => wakeup.wake();
    ends.addEventListener('abort', wake);
    const stops = [this.#deps.onGrowth(wake), () => ends.removeEventListener('abort', wake)];
    this.#running.add(name);
    try {
      if (live) stops.push(this.#deps.listen());
      await this.#follow({ name, handler, target, topic, ends }, live ? wakeup : undefined);
    } catch (error) {
      if (!closing.aborted || signal?.aborted) throw error;
    } finally {
      this.#running.delete(name);
      for (const stop of stops) stop();
    }
  }

  /** Processes page after page; at the end of the log waits for the wake-up, or returns without one. */
  async #follow<Tx>(job: Job<Tx>, wakeup: Wakeup | undefined): Promise<void> {
    const { store, keyOf } = this.#deps;
    let position = await job.target.position(keyOf(job.name));
    await this.#keepCopy(job.name, position);
    const size = new PageSize();
    for (let pages = 1; ; pages += 1) {
      job.ends.throwIfAborted();
      const page = await store.messages(position, size.limit, job.topic);
      size.learn(page);
      const last = page.at(-1);
      if (last === undefined) {
        await this.#keepCopy(job.name, position);
        if (wakeup === undefined) return;
        await wakeup.wait();
        continue;
      }
      const messages = this.#deps.toMessages(page);
      const work = async (tx: Tx) => void (await job.handler(messages, tx));
      await job.target.transaction(keyOf(job.name), last.position, work, job.ends);
      position = last.position;
      if (pages % PAGES_PER_COPY === 0) await this.#keepCopy(job.name, position);
    }
  }

  /** Keeps a copy of the cursor in the store: it may lag behind the target's after a crash, never be ahead. */
  async #keepCopy(name: string, position: number): Promise<void> {
    const { store, moved } = this.#deps;
    if ((await store.cursors()).some((cursor) => cursor.name === name && cursor.position === position)) return;
    await store.commit([{ kind: 'cursor', cursor: { name, position } }]);
    moved(name);
  }
}

/** The error of a device without tables. */
export function noTablesError(): SyncError {
  return new SyncError('argument', 'This device has no tables of the app.', {
    hint: 'Give log.process() a database, as in log.process(name, handler, { into: sqliteTarget(database) }).',
  });
}
