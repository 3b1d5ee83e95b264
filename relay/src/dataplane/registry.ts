import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { GroupRow, Push, PushResult } from '../store/port.ts';

/** Somebody who wants to hear of a group's new envelopes. */
export interface GroupListener {
  /** Envelopes that are durable now, in cursor order. */
  appended(envelopes: readonly Envelope[]): void;
}

/** Live sessions by group: what the writer stores reaches them without being read again. RL-44. */
export class SessionRegistry {
  readonly #groups = new Map<GroupRow, Set<GroupListener>>();

  add(group: GroupRow, listener: GroupListener): void {
    const listeners = this.#groups.get(group) ?? new Set();
    listeners.add(listener);
    this.#groups.set(group, listeners);
  }

  remove(group: GroupRow, listener: GroupListener): void {
    const listeners = this.#groups.get(group);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#groups.delete(group);
  }

  /** A push is durable. */
  pushed({ group, items }: Push, results: readonly PushResult[]): void {
    const listeners = this.#groups.get(group);
    if (listeners === undefined) return;
    const envelopes: Envelope[] = [];
    for (const [index, { status, cursor, receivedAtMs }] of results.entries()) {
      const item = items[index];
      if (status !== PushStatus.PUSH_STATUS_ACCEPTED || item === undefined) continue;
      envelopes.push({ ...item.envelope, cursor: BigInt(cursor), receivedAtMs: BigInt(receivedAtMs) });
    }
    if (envelopes.length === 0) return;
    for (const listener of listeners) listener.appended(envelopes);
  }
}
