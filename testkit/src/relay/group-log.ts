import { equal, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { envelopeHash, type ParsedEnvelope, stubOf } from '@0k-sync/core/envelope';
import { envelopeCost } from '@0k-sync/core/session';
import { errorOf, type Refusal } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import { type Envelope, EnvelopeHeader, type Stub } from '@0k-sync/generated/wire/envelope';
import { type LogSegment, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';

/** The last envelope of one sender's chain. RL-24. */
export interface Head {
  readonly sequence: number;
  /** H, 32 bytes; empty while there is none. */
  readonly hash: Uint8Array;
  /** Undefined while there is none. It outlives the envelope. */
  readonly stub: Stub | undefined;
}

/** Bounds of a group's log. RL-28. */
export interface Quotas {
  readonly bytesMax: number;
  readonly envelopesMax: number;
}

/** Collaborators of a group's log. */
export interface GroupLogDeps {
  readonly crypto: CryptoProvider;
  /** Milliseconds since 1970, for the time of receipt. */
  wall(): number;
}

const NO_HEAD: Head = { sequence: 0, hash: new Uint8Array(0), stub: undefined };

/** The log of one group, kept by the rules, in memory. */
export class GroupLog {
  /** Member records by device key in hex. */
  readonly records = new Map<string, MemberRecord>();
  /** The cursor that each device has acknowledged, by device key in hex. RL-48. */
  readonly acknowledged = new Map<string, number>();
  /** Envelopes from cursor floor + 1 on. A test may change them. */
  envelopes: Envelope[] = [];
  /** Highest removed cursor. RL-50. */
  floor = 0;
  readonly heads = new Map<string, Head>();
  readonly #deps: GroupLogDeps;
  #receivedAtMs = 0n;

  constructor(deps: GroupLogDeps) {
    this.#deps = deps;
  }

  /** Highest cursor. */
  get head(): number {
    return this.floor + this.envelopes.length;
  }

  headOf(deviceKey: Uint8Array): Head {
    return this.heads.get(toHex(deviceKey)) ?? NO_HEAD;
  }

  hash(envelope: Envelope): Uint8Array {
    return envelopeHash(this.#deps.crypto, envelope);
  }

  /** Stores one well-formed item, or says why it does not. RL-24 to RL-28. */
  push(item: ParsedEnvelope, skip: boolean, quotas: Quotas): PushResult {
    const { envelope, senderKey, sequence, previous } = item;
    if (item.epoch > 0) return refused({ error: 'EPOCH_UNKNOWN' });
    const head = this.headOf(senderKey);
    const hash = this.hash(envelope);
    if (sequence <= head.sequence) return this.#repeat(item, hash, head);
    const continues = sequence === head.sequence + 1 && equal(previous, head.hash);
    if (head.sequence > 0 && !skip && !continues) return refused({ error: 'CHAIN_BROKEN' });
    if (this.#isFull(envelope, quotas)) return refused({ error: 'GROUP_QUOTA_EXCEEDED' });
    return { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor: this.append(envelope), error: undefined };
  }

  /** Puts an envelope at the end without any check. @returns its cursor */
  append(envelope: Envelope): bigint {
    const cursor = BigInt(this.head + 1);
    const receivedAtMs = BigInt(Math.floor(this.#deps.wall()));
    if (receivedAtMs > this.#receivedAtMs) this.#receivedAtMs = receivedAtMs;
    this.envelopes.push({ ...structuredClone(envelope), cursor, receivedAtMs: this.#receivedAtMs });
    this.#setHead(envelope);
    return cursor;
  }

  /** True if this is not the log that a reader at `after` has read. RL-42. */
  isRolledBack(after: number, hashAtAfter: Uint8Array): boolean {
    if (after === 0) return false;
    if (after > this.head) return true;
    const envelope = this.envelopes[after - this.floor - 1];
    return envelope !== undefined && !equal(this.hash(envelope), hashAtAfter);
  }

  /** A segment after a cursor; empty if `itemsMax` is 0. RL-40, RL-41. */
  segment(after: number, bytesMax: number, itemsMax = PAGE_ITEMS_MAX): LogSegment {
    const removedThrough = Math.max(after, this.floor);
    const envelopes: Envelope[] = [];
    let bytes = 0;
    const first = removedThrough - this.floor;
    for (const envelope of this.envelopes.slice(first, first + itemsMax)) {
      bytes += envelopeCost(envelope);
      if (envelopes.length > 0 && bytes > bytesMax) break;
      envelopes.push(envelope);
    }
    const next = removedThrough + envelopes.length;
    return {
      after: BigInt(after),
      removedThrough: BigInt(removedThrough),
      envelopes,
      next: BigInt(next),
      head: BigInt(this.head),
    };
  }

  /** Removes everything up to a cursor; heads stay. RL-50, RL-51. */
  expireThrough(cursor: number): void {
    this.envelopes.splice(0, cursor - this.floor);
    this.floor = cursor;
  }

  /** Forgets everything above a cursor, as a relay that was restored from a backup. */
  rollBackTo(cursor: number): void {
    this.replaceWith(this.envelopes.slice(0, cursor - this.floor));
  }

  /** Replaces the envelopes. The heads follow from them. */
  replaceWith(envelopes: readonly Envelope[]): void {
    this.envelopes = [...envelopes];
    this.heads.clear();
    for (const envelope of envelopes) this.#setHead(envelope);
  }

  #setHead(envelope: Envelope): void {
    const { senderKey, sequence } = EnvelopeHeader.decode(envelope.header);
    this.heads.set(toHex(senderKey), {
      sequence: Number(sequence),
      hash: this.hash(envelope),
      stub: stubOf(this.#deps.crypto, envelope),
    });
  }

  #isFull(envelope: Envelope, { bytesMax, envelopesMax }: Quotas): boolean {
    if (this.envelopes.length >= envelopesMax) return true;
    const bytes = () => this.envelopes.reduce((sum, each) => sum + envelopeCost(each), envelopeCost(envelope));
    return bytesMax !== Number.POSITIVE_INFINITY && bytes() > bytesMax;
  }

  /** The stored envelope with that sequence of a sender. */
  #find(senderKey: Uint8Array, sequence: number): Envelope | undefined {
    return this.envelopes.find(({ header }) => {
      const decoded = EnvelopeHeader.decode(header);
      return Number(decoded.sequence) === sequence && equal(decoded.senderKey, senderKey);
    });
  }

  /** Answers a push whose sequence is not above the sender's head. RL-25 to RL-27. */
  #repeat({ senderKey, sequence }: ParsedEnvelope, hash: Uint8Array, head: Head): PushResult {
    const stored = this.#find(senderKey, sequence);
    if (stored !== undefined && equal(this.hash(stored), hash)) {
      return { status: PushStatus.PUSH_STATUS_DUPLICATE, cursor: stored.cursor, error: undefined };
    }
    if (stored !== undefined)
      return refused({ error: 'SEQUENCE_CONFLICT', conflict: stubOf(this.#deps.crypto, stored) });
    if (sequence === head.sequence && !equal(hash, head.hash)) return refused({ error: 'CHAIN_BROKEN' });
    return { status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0n, error: undefined };
  }
}

/** The number of an error by name. */
export function numberOfError(name: ErrorName): number {
  return errors[name].number;
}

/** The result of an item that is not stored. */
export function refused(refusal: Refusal): PushResult {
  return { status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n, error: errorOf(refusal) };
}
