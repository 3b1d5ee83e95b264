import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { GroupRow, Push, PushResult } from '../../store/port.ts';

/** A listener for a group's new envelopes. */
export interface GroupListener {
  /** Gets envelopes that are durable now, in cursor order. */
  appended(envelopes: readonly Envelope[]): void;
}

/** The subscriptions by group. New envelopes reach them from memory, without a read. RL-44. */
export class Subscribers {
  readonly #groups = new Map<GroupRow, Set<GroupListener>>();
  /** The new envelopes of the current transaction, for groups with listeners. */
  readonly #appended = new Map<GroupRow, Envelope[]>();

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

  /** Collects the envelopes of a push that is durable. */
  pushed({ group, items }: Push, results: readonly PushResult[]): void {
    if (!this.#groups.has(group)) return;
    const envelopes = this.#appended.get(group) ?? [];
    for (const [index, { status, cursor, receivedAtMs }] of results.entries()) {
      const item = items[index];
      if (status !== PushStatus.PUSH_STATUS_ACCEPTED || item === undefined) continue;
      const { header, nonce, ciphertext, signature } = item.envelope;
      envelopes.push({
        header,
        nonce,
        ciphertext,
        signature,
        cursor: BigInt(cursor),
        receivedAtMs: BigInt(receivedAtMs),
      });
    }
    this.#appended.set(group, envelopes);
  }

  /** Delivers the transaction's envelopes, once per group and listener. */
  committed(): void {
    for (const [group, envelopes] of this.#appended) {
      if (envelopes.length === 0) continue;
      for (const listener of this.#groups.get(group) ?? []) listener.appended(envelopes);
    }
    this.#appended.clear();
  }
}
