import { type Change, MemoryStore, type Snapshot, type Store } from '@0k-sync/client/node';
import { WrappedStore } from './wrapped-store.ts';

/** Time for which received data stays in memory only, ms. */
const LAG_MS = 60_000;

/**
 * Says that what was received is stored when it is in memory, and writes it a while later. The cursor goes to the disk at
 * once, unless it lags too. A device that has a group already is served as it should be.
 */
export class LaggingStore extends WrappedStore {
  readonly #cursorLags: boolean;
  readonly #pending: (readonly Change[])[] = [];
  #front: Store;
  #timer: NodeJS.Timeout | undefined;

  constructor(inner: Store, { cursorLags }: { readonly cursorLags: boolean }) {
    super(inner);
    this.#cursorLags = cursorLags;
    this.#front = inner;
  }

  override async load(): Promise<Snapshot> {
    const snapshot = await this.inner.load();
    if (snapshot.group === undefined) this.#front = new MemoryStore();
    return await this.#front.load();
  }

  override async commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    if (this.#front === this.inner) return await this.inner.commit(changes);
    const positions = await this.#front.commit(changes);
    const isReceived = changes.some(({ kind }) => kind === 'progress') && changes.length > 1;
    const isRead = changes.every(({ kind }) => kind === 'consumed');
    if (!isReceived && !isRead) {
      await this.#flush();
      return await this.inner.commit(changes);
    }
    const isCursor = ({ kind }: Change) => kind === 'progress' && !this.#cursorLags;
    await this.inner.commit(changes.filter(isCursor));
    this.#pending.push(changes.filter((change) => !isCursor(change)));
    this.#timer ??= setTimeout(() => void this.#flush(), LAG_MS).unref();
    return positions;
  }

  override entryByHash(hash: Uint8Array): ReturnType<Store['entryByHash']> {
    return this.#front.entryByHash(hash);
  }

  override entryBySequence(sender: Uint8Array, sequence: number): ReturnType<Store['entryBySequence']> {
    return this.#front.entryBySequence(sender, sequence);
  }

  override entryByMessageId(sender: Uint8Array, messageId: Uint8Array): ReturnType<Store['entryByMessageId']> {
    return this.#front.entryByMessageId(sender, messageId);
  }

  override unconsumed(position: number, limit: number): ReturnType<Store['unconsumed']> {
    return this.#front.unconsumed(position, limit);
  }

  override placed(relay: string, cursor: number, limit: number): ReturnType<Store['placed']> {
    return this.#front.placed(relay, cursor, limit);
  }

  override ownAbove(sender: Uint8Array, sequence: number, limit: number): ReturnType<Store['ownAbove']> {
    return this.#front.ownAbove(sender, sequence, limit);
  }

  override outbox(after: number, limit: number): ReturnType<Store['outbox']> {
    return this.#front.outbox(after, limit);
  }

  override outboxEntry(id: Uint8Array): ReturnType<Store['outboxEntry']> {
    return this.#front.outboxEntry(id);
  }

  override async close(): Promise<void> {
    await this.#flush();
    await this.inner.close();
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const changes of this.#pending.splice(0)) await this.inner.commit(changes);
  }
}
