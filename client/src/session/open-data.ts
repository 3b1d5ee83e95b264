import { equal } from '@0k-sync/core/bytes';
import { otherGroupError } from '../group/group-id.ts';
import { Outbox } from '../outbound/outbox.ts';
import type { Snapshot, Store } from '../store/port.ts';

/** The stored data of a device, opened. */
export interface OpenedData {
  readonly snapshot: Snapshot;
  readonly outbox: Outbox;
}

/** Reads what a store has. @throws SyncError kind `already-paired` when it has another group than `groupId`, 32 bytes. */
export async function openData(store: Store, groupId: Uint8Array | undefined): Promise<OpenedData> {
  const snapshot = await store.load();
  const stored = snapshot.group?.groupId;
  if (groupId !== undefined && stored !== undefined && !equal(groupId, stored)) throw otherGroupError(stored);
  return { snapshot, outbox: await Outbox.open(store, snapshot.outboxCount) };
}
