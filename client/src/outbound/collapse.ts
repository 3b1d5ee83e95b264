import type { Change, Store } from '../store/port.ts';
import type { Draft } from './draft.ts';

/** The queued entries whose places drafts take, by draft: their ids, 16 bytes. */
export type Replaced = ReadonlyMap<Draft, Uint8Array>;

/** Finds the entries, queued and not sealed, or earlier in this list, that have the collapse key of a draft. */
export async function findReplaced(store: Store, drafts: readonly Draft[]): Promise<Replaced> {
  const replaced = new Map<Draft, Uint8Array>();
  const ids = new Map<string, Uint8Array>();
  for (const draft of drafts) {
    const { id, collapseKey } = draft;
    if (collapseKey === undefined) continue;
    const old = ids.get(collapseKey) ?? (await store.collapsible(collapseKey))?.id;
    if (old !== undefined) replaced.set(draft, old);
    ids.set(collapseKey, id);
  }
  return replaced;
}

/** The changes that queue a draft, in place of another if it replaces one. */
export function enqueueing(draft: Draft, replaced: Uint8Array | undefined): readonly Change[] {
  const { isNamed: _, ...entry } = draft;
  const enqueue = { kind: 'enqueue', entry: { ...entry, state: 'queued' } } as const;
  return replaced === undefined ? [enqueue] : [{ kind: 'dequeue', id: replaced }, enqueue];
}
