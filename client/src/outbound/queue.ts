import { toHex } from '@0k-sync/core/bytes';
import { errorNameOf } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import { checkText } from '../arguments.ts';
import { hintOf } from '../relay/explain-error.ts';
import type { Store } from '../store/port.ts';
import { readOutbox } from '../store/read-outbox.ts';
import type { StoredOutboxEntry } from '../store/types.ts';
import type { Outbox } from './outbox.ts';
import { contentOf } from './stored-content.ts';

/** A message that no relay has acknowledged. */
export interface QueueEntry {
  /** 32 hexadecimal characters. */
  readonly id: string;
  /** `announcement`: the message by which this device introduces itself to the group. PA-22. */
  readonly kind: 'message' | 'announcement';
  /**
   * `queued`: never sent. `sealed`: it may have been sent. `deferred`: refused for now, it goes again by itself unless it
   * is dropped. `refused`: it waits for `retry` or `drop`.
   */
  readonly state: 'queued' | 'sealed' | 'deferred' | 'refused';
  /** Size of the plaintext. */
  readonly bytes: number;
  /** The error by which a relay refused the message: a row of the error table. Present in states `deferred` and `refused`. */
  readonly refusal?: {
    readonly code: number;
    readonly errorName: ErrorName;
    readonly message: string;
    readonly hint: string;
  };
}

/** The content of a dropped message, with which the app can push it again later. */
export interface DroppedMessage {
  readonly content: string | Uint8Array;
  readonly metadata?: string;
  readonly topic?: string;
}

interface QueueDeps {
  readonly store: Store;
  readonly outbox: Outbox;
  /** Runs the work while nothing is sealed. */
  readonly exclusive: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** This device's key in the group, 32 bytes. */
  readonly deviceKey: () => Uint8Array;
  readonly changed: () => void;
}

/**
 * The messages that no relay has acknowledged: the app can list them, and retry or drop those that were refused. CL-24.
 */
export class Queue {
  readonly #deps: QueueDeps;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  /** Lists the queue in the order of sending. */
  async list(): Promise<readonly QueueEntry[]> {
    const entries: QueueEntry[] = [];
    for await (const entry of readOutbox(this.#deps.store)) {
      if (!this.#deps.outbox.isAcknowledged(entry.id)) entries.push(toQueueEntry(entry));
    }
    return entries;
  }

  /** Sends a refused message again. @throws SyncError kind `argument` when it was not refused. CL-47. */
  async retry(id: string): Promise<void> {
    checkText('id', id);
    await this.#deps.exclusive(() => this.#deps.outbox.retry(id));
    this.#deps.changed();
  }

  /**
   * Drops a message that was never sent, or that was refused, and resolves with its content; undefined for an
   * announcement. Later messages go past it. @throws SyncError kind `argument` otherwise. CL-41, CL-48, CL-70.
   */
  async drop(id: string): Promise<DroppedMessage | undefined> {
    checkText('id', id);
    const entry = await this.#deps.exclusive(() => this.#deps.outbox.drop(id, this.#deps.deviceKey()));
    this.#deps.changed();
    return toDroppedMessage(entry);
  }
}

function toDroppedMessage(entry: StoredOutboxEntry): DroppedMessage | undefined {
  const stored = contentOf(entry);
  if (stored.type !== 'message') return undefined;
  const { content, metadata, topic } = stored.message;
  const options = { ...(metadata !== undefined && { metadata }), ...(topic !== '' && { topic }) };
  return { content: content?.value ?? '', ...options };
}

function toQueueEntry({ id, contentType, state, plaintext, refusal }: StoredOutboxEntry): QueueEntry {
  return {
    id: toHex(id),
    kind: contentType === ContentType.CONTENT_TYPE_MESSAGE ? 'message' : 'announcement',
    state: state === 'again' ? 'sealed' : state,
    bytes: plaintext.length,
    ...(refusal !== undefined && { refusal: describeRefusal(refusal) }),
  };
}

/** Describes the row of an error number. */
export function describeRefusal(code: number): NonNullable<QueueEntry['refusal']> {
  const { number, name, meaning } = errors[errorNameOf(code)];
  return { code: number, errorName: name, message: meaning, hint: hintOf(name) };
}
