import { toHex } from '@0k-sync/core/bytes';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import { Table, type Undo, undoAll } from './table.ts';
import type { LogEntry, OutboxEntry, StoredLogEntry, StoredMessage, StoredOutboxEntry } from './types.ts';

/** The key of a sender's sequence. */
export const sequenceKey = (sender: Uint8Array, sequence: number) => `${toHex(sender)}/${sequence}`;
/** The key of a sender's message. */
export const messageKey = (sender: Uint8Array, messageId: Uint8Array) => `${toHex(sender)}/${toHex(messageId)}`;

const NONE = new Uint8Array();

/** The log and the outbox of a memory store, whose messages share their positions. */
export class MemoryLog {
  readonly entries = new Table<StoredLogEntry>();
  readonly bySequence = new Table<Uint8Array>();
  readonly byMessageId = new Table<Uint8Array>();
  readonly outbox = new Table<StoredOutboxEntry>();
  /** Every position that was given, ascending, also those that are empty now. */
  readonly #given: number[] = [];
  /** The H of the entry at a position; undefined for a queued message. */
  readonly #hashes = new Map<number, Uint8Array>();
  /** The id of the outbox entry at a position. */
  readonly #queued = new Map<number, Uint8Array>();
  #number = 0;

  /** The highest position that was given. */
  get head(): number {
    return this.#given.at(-1) ?? 0;
  }

  /** Appends an entry. The position is 0 for one that is not visible. */
  accept(entry: LogEntry): { readonly undo: Undo; readonly position: number } {
    this.#assertNew(entry);
    const place = sequenceKey(entry.sender, entry.sequence);
    const queued = entry.visible && entry.sealedHere ? (this.outbox.get(entry.messageId)?.position ?? 0) : 0;
    const { position, undo } = queued > 0 || !entry.visible ? { position: queued, undo: () => {} } : this.#next();
    const undos = [
      undo,
      this.bySequence.put(place, entry.hash),
      this.entries.put(entry.hash, { ...ownCopy(entry), position }),
      ...(position > 0 ? [setIn(this.#hashes, position, entry.hash)] : []),
    ];
    const key = messageKey(entry.sender, entry.messageId);
    if (entry.visible && this.byMessageId.get(key) === undefined) undos.push(this.byMessageId.put(key, entry.hash));
    return { undo: undoAll(undos), position };
  }

  retract(sender: Uint8Array, sequence: number): Undo {
    const key = sequenceKey(sender, sequence);
    const hash = this.bySequence.get(key);
    const entry = hash && this.entries.get(hash);
    if (entry === undefined) return () => {};
    return undoAll([
      this.entries.remove(entry.hash),
      this.bySequence.remove(key),
      setIn(this.#hashes, entry.position, undefined),
      ...(entry.visible ? [this.byMessageId.remove(messageKey(entry.sender, entry.messageId))] : []),
    ]);
  }

  /** Adds an outbox entry. The position is 0 for one that has no message of its own. */
  enqueue(entry: OutboxEntry): { readonly undo: Undo; readonly position: number } {
    if (this.outbox.get(entry.id) !== undefined) throw new Error('the outbox has this entry already');
    this.#number += 1;
    const isMessage = entry.contentType === ContentType.CONTENT_TYPE_MESSAGE && entry.state === 'queued';
    const { position, undo } = isMessage ? this.#next() : { position: 0, undo: () => {} };
    const undos = [undo, this.outbox.put(entry.id, { ...entry, number: this.#number, position })];
    if (position > 0) undos.push(setIn(this.#queued, position, entry.id));
    return { undo: undoAll(undos), position };
  }

  /** Appends an own message that is sealed, and adds its outbox entry. */
  enqueueSealed(entry: LogEntry): { readonly undo: Undo; readonly position: number } {
    this.#assertNew(entry);
    const { messageId: id, contentType, topic, plaintext, sequence } = entry;
    const { undo, position } = this.enqueue({ id, contentType, topic, plaintext, state: 'queued' });
    const accepted = this.accept(entry);
    const sealed = {
      id,
      contentType,
      topic,
      plaintext,
      state: 'sealed',
      sequence,
      number: this.#number,
      position,
    } as const;
    return { undo: undoAll([undo, accepted.undo, this.outbox.put(id, sealed)]), position };
  }

  dequeue(id: Uint8Array): Undo {
    const position = this.outbox.get(id)?.position ?? 0;
    return undoAll([this.outbox.remove(id), setIn(this.#queued, position, undefined)]);
  }

  /** The messages above a position, in order. */
  *messagesAbove(after: number): Generator<StoredMessage, void, undefined> {
    for (let index = this.#firstAbove(after); index < this.#given.length; index += 1) {
      const message = this.#at(this.#given[index] ?? 0);
      if (message !== undefined && message.plaintext.length > 0) yield message;
    }
  }

  /** The log entries of messages above a position, in order. */
  *entriesAbove(after: number): Generator<StoredLogEntry, void, undefined> {
    for (let index = this.#firstAbove(after); index < this.#given.length; index += 1) {
      const hash = this.#hashes.get(this.#given[index] ?? 0);
      const entry = hash && this.entries.get(hash);
      if (entry !== undefined && entry.plaintext.length > 0) yield entry;
    }
  }

  /** Removes the content of what no outbox entry needs. Resolves with the number of messages. */
  prune(through: number): number {
    const needed = new Set(this.outbox.values().flatMap(({ sequence }) => sequence ?? []));
    let pruned = 0;
    for (const entry of this.entriesAbove(0)) {
      if (entry.position > through) break;
      if (entry.own && needed.has(entry.sequence)) continue;
      this.entries.put(entry.hash, { ...entry, plaintext: NONE, nonce: NONE });
      pruned += 1;
    }
    return pruned;
  }

  /** @throws Error when the log has an envelope with this H, or in this place */
  #assertNew({ hash, sender, sequence }: LogEntry): void {
    const isTaken =
      this.entries.get(hash) !== undefined || this.bySequence.get(sequenceKey(sender, sequence)) !== undefined;
    if (isTaken) throw new Error('the log has this envelope already');
  }

  #at(position: number): StoredMessage | undefined {
    const hash = this.#hashes.get(position);
    if (hash !== undefined) return this.entries.get(hash);
    const entry = this.outbox.get(this.#queued.get(position) ?? NONE);
    if (entry === undefined) return undefined;
    const { id: messageId, topic = '', plaintext } = entry;
    return { position, sender: NONE, messageId, topic, plaintext, receivedAtMs: 0, own: true };
  }

  #next(): { readonly undo: Undo; readonly position: number } {
    const position = this.head + 1;
    this.#given.push(position);
    return { position, undo: () => void this.#given.pop() };
  }

  #firstAbove(position: number): number {
    let [low, high] = [0, this.#given.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#given[middle] ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The entry without the larger memory that its parts are views of. */
function ownCopy(entry: LogEntry): LogEntry {
  const { previous, messageId, plaintext, nonce, signature } = entry;
  const short = { previous: previous.slice(), nonce: nonce.slice(), signature: signature.slice() };
  return { ...entry, ...short, messageId: messageId.slice(), plaintext: plaintext.slice() };
}

/** Sets a value, or removes it, and returns the undo. */
function setIn<Value>(map: Map<number, Value>, key: number, value: Value | undefined): Undo {
  const before = map.get(key);
  const put = (one: Value | undefined) => void (one === undefined ? map.delete(key) : map.set(key, one));
  put(value);
  return () => put(before);
}
