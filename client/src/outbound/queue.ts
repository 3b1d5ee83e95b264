import { toHex } from '@0k-sync/core/bytes';
import { errorNameOf } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import type { Store } from '../store/port.ts';
import type { StoredOutboxEntry } from '../store/types.ts';
import type { Outbox } from './outbox.ts';

const PAGE_ITEMS = 256;

/** Something that no relay has acknowledged. */
export interface QueueEntry {
  /** 32 hexadecimal characters. */
  readonly id: string;
  /** `announcement`: this device introduces itself to the group. */
  readonly kind: 'message' | 'announcement';
  /** `sealed`: it may have left already. `refused`: it waits for `retry` or `drop`. */
  readonly state: 'queued' | 'sealed' | 'refused';
  /** Size of its plaintext. */
  readonly bytes: number;
  /** Why it was refused. */
  readonly refusal?: { readonly code: number; readonly message: string; readonly hint: string };
}

export interface QueueConfig {
  readonly store: Store;
  readonly outbox: Outbox;
  /** Runs where nothing is sealed at the same time. */
  readonly exclusive: (work: () => Promise<void>) => Promise<void>;
  /** This device's key in the group. */
  readonly deviceKey: () => Uint8Array;
  readonly changed: () => void;
}

/** What waits to be sent, for the app to see and decide. CL-24. */
export class Queue {
  readonly #config: QueueConfig;

  constructor(config: QueueConfig) {
    this.#config = config;
  }

  /** Entries in order. */
  async list(): Promise<readonly QueueEntry[]> {
    const entries: QueueEntry[] = [];
    for (let after = 0; ; ) {
      const page = await this.#config.store.outbox(after, PAGE_ITEMS);
      entries.push(...page.map(toQueueEntry));
      const last = page.at(-1);
      if (last === undefined) return entries;
      after = last.number;
    }
  }

  /** Sends a refused message again. @throws SyncError kind `argument` when it is not refused. CL-47. */
  async retry(id: string): Promise<void> {
    await this.#config.exclusive(() => this.#config.outbox.retry(id));
    this.#config.changed();
  }

  /** Drops a message that never left, or that was refused. @throws SyncError kind `argument` otherwise. CL-41, CL-48. */
  async drop(id: string): Promise<void> {
    await this.#config.exclusive(() => this.#config.outbox.drop(id, this.#config.deviceKey()));
    this.#config.changed();
  }
}

function toQueueEntry({ id, contentType, state, plaintext, refusal }: StoredOutboxEntry): QueueEntry {
  const row = refusal === undefined ? undefined : errors[errorNameOf(refusal)];
  return {
    id: toHex(id),
    kind: contentType === ContentType.CONTENT_TYPE_MESSAGE ? 'message' : 'announcement',
    state,
    bytes: plaintext.length,
    ...(row && { refusal: { code: row.number, message: row.meaning, hint: row.hint } }),
  };
}
