import type { Change, Store } from '../store/port.ts';
import type { OutboxEntry } from '../store/types.ts';

/** The queued entries whose places new ones take, by the new one: their ids, 16 bytes. */
export type Replaced = ReadonlyMap<OutboxEntry, Uint8Array>;

/** Finds the entries, queued and not sealed, or earlier in this list, that have the collapse key of one of these. */
export async function findReplaced(store: Store, entries: readonly OutboxEntry[]): Promise<Replaced> {
  const replaced = new Map<OutboxEntry, Uint8Array>();
  const ids = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const { id, collapseKey } = entry;
    if (collapseKey === undefined) continue;
    const old = ids.get(collapseKey) ?? (await store.collapsible(collapseKey))?.id;
    if (old !== undefined) replaced.set(entry, old);
    ids.set(collapseKey, id);
  }
  return replaced;
}

/** The changes that queue an entry, in place of another if it replaces one. */
export function enqueueing(entry: OutboxEntry, replaced: Uint8Array | undefined): readonly Change[] {
  const enqueue = { kind: 'enqueue', entry } as const;
  return replaced === undefined ? [enqueue] : [{ kind: 'dequeue', id: replaced }, enqueue];
}
