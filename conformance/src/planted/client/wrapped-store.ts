import type { Change, OwnChain, Snapshot, Store } from '@0k-sync/client/node';

/** A store that does what another one does: faults override what they do wrong. */
export class WrappedStore implements Store {
  protected readonly inner: Store;

  constructor(inner: Store) {
    this.inner = inner;
  }

  load(): Promise<Snapshot> {
    return this.inner.load();
  }

  commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    return this.inner.commit(changes);
  }

  watch(listener: (head: number) => void): () => void {
    return this.inner.watch(listener);
  }

  messages(after: number, limit: number, topic?: string): ReturnType<Store['messages']> {
    return this.inner.messages(after, limit, topic);
  }

  countOthers(after: number, through: number, topic?: string): Promise<number> {
    return this.inner.countOthers(after, through, topic);
  }

  cursors(): ReturnType<Store['cursors']> {
    return this.inner.cursors();
  }

  prune(through: number): Promise<number> {
    return this.inner.prune(through);
  }

  entryByHash(hash: Uint8Array): ReturnType<Store['entryByHash']> {
    return this.inner.entryByHash(hash);
  }

  entryBySequence(sender: Uint8Array, sequence: number): ReturnType<Store['entryBySequence']> {
    return this.inner.entryBySequence(sender, sequence);
  }

  entryByMessageId(sender: Uint8Array, messageId: Uint8Array): ReturnType<Store['entryByMessageId']> {
    return this.inner.entryByMessageId(sender, messageId);
  }

  unconsumed(position: number, limit: number): ReturnType<Store['unconsumed']> {
    return this.inner.unconsumed(position, limit);
  }

  placed(relay: string, cursor: number, limit: number): ReturnType<Store['placed']> {
    return this.inner.placed(relay, cursor, limit);
  }

  ownAbove(sender: Uint8Array, sequence: number, limit: number): ReturnType<Store['ownAbove']> {
    return this.inner.ownAbove(sender, sequence, limit);
  }

  outbox(after: number, limit: number): ReturnType<Store['outbox']> {
    return this.inner.outbox(after, limit);
  }

  outboxEntry(id: Uint8Array): ReturnType<Store['outboxEntry']> {
    return this.inner.outboxEntry(id);
  }

  collapsible(key: string): ReturnType<Store['collapsible']> {
    return this.inner.collapsible(key);
  }

  quarantined(limit: number): ReturnType<Store['quarantined']> {
    return this.inner.quarantined(limit);
  }

  quarantinedByHash(hash: Uint8Array): ReturnType<Store['quarantinedByHash']> {
    return this.inner.quarantinedByHash(hash);
  }

  quarantinedOf(sender: Uint8Array): ReturnType<Store['quarantinedOf']> {
    return this.inner.quarantinedOf(sender);
  }

  placedCursors(relay: string, from: number, to: number): ReturnType<Store['placedCursors']> {
    return this.inner.placedCursors(relay, from, to);
  }

  skipsOf(sender: Uint8Array): ReturnType<Store['skipsOf']> {
    return this.inner.skipsOf(sender);
  }

  holes(): ReturnType<Store['holes']> {
    return this.inner.holes();
  }

  highestSequence(sender: Uint8Array): ReturnType<Store['highestSequence']> {
    return this.inner.highestSequence(sender);
  }

  heads(): ReturnType<Store['heads']> {
    return this.inner.heads();
  }

  unplacedOwn(relay: string, cursor: number, chain: OwnChain, limit: number): ReturnType<Store['unplacedOwn']> {
    return this.inner.unplacedOwn(relay, cursor, chain, limit);
  }

  expiries(): ReturnType<Store['expiries']> {
    return this.inner.expiries();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
