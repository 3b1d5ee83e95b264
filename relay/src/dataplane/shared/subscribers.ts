import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { GroupRow, Push, PushResult } from '../../store/port.ts';

/** Somebody who wants to hear of a group's new envelopes. */
export interface GroupListener {
  /** Envelopes that are durable now, in cursor order. */
  appended(envelopes: readonly Envelope[]): void;
}

/** Subscriptions by group: what the writer stores reaches them without being read again. RL-44. */
export class SessionRegistry {
  readonly #groups = new Map<GroupRow, Set<GroupListener>>();
  /** Envelopes of the transaction that is being reported, of groups somebody listens to. */
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

  /** A push is durable. */
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

  /** Every push of a transaction was reported: one delivery per group and listener. */
  committed(): void {
    for (const [group, envelopes] of this.#appended) {
      if (envelopes.length === 0) continue;
      for (const listener of this.#groups.get(group) ?? []) listener.appended(envelopes);
    }
    this.#appended.clear();
  }
}
