import type { Change, Snapshot, Store } from '@0k-sync/client/node';
import { NO_HASH } from '@0k-sync/core/envelope';
import { WrappedStore } from './wrapped-store.ts';

const EVERYTHING = 100_000;

/** Seals what no relay has acknowledged again when it is opened: another envelope in the place of the one that left. */
export class ResealingStore extends WrappedStore {
  override async load(): Promise<Snapshot> {
    const { chains } = await this.inner.load();
    const sealed = (await this.inner.outbox(0, EVERYTHING)).filter(({ state }) => state === 'sealed');
    const first = Math.min(...sealed.map(({ sequence = Number.POSITIVE_INFINITY }) => sequence));
    for (const { sender } of chains) {
      const own = await this.inner.ownAbove(sender, first - 1, EVERYTHING);
      if (own.length === 0) continue;
      const before = await this.inner.entryBySequence(sender, first - 1);
      const chain = { sender, sequence: first - 1, hash: before?.hash ?? NO_HASH };
      await this.inner.commit([
        ...own.map(({ sequence }) => ({ kind: 'retract', sender, sequence }) as const),
        ...sealed.flatMap(({ id, contentType, plaintext }): Change[] => [
          { kind: 'dequeue', id },
          { kind: 'enqueue', entry: { id, contentType, plaintext, state: 'queued' } },
        ]),
        { kind: 'chain', chain },
      ]);
    }
    return await this.inner.load();
  }
}

/** Has nothing of what waited when it is opened again. */
export class ForgettingStore extends WrappedStore {
  override async load(): Promise<Snapshot> {
    return { ...(await this.inner.load()), held: [] };
  }
}

/** Keeps no pin as one that may never be replaced. */
export class YieldingStore extends WrappedStore {
  override async load(): Promise<Snapshot> {
    const snapshot = await this.inner.load();
    return { ...snapshot, pins: snapshot.pins.map((pin) => ({ ...pin, fixed: false })) };
  }
}

/** Knows no KEM key of any relay, and learns nothing of one. */
export class ClassicalStore extends WrappedStore {
  override async load(): Promise<Snapshot> {
    const snapshot = await this.inner.load();
    return { ...snapshot, pins: snapshot.pins.map(({ kemHash: _, ...pin }) => pin) };
  }

  override commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    return this.inner.commit(changes.filter(({ kind }) => kind !== 'pin'));
  }
}
