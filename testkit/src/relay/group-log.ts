import { equal, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { envelopeHash, type ParsedEnvelope, stubOf } from '@0k-sync/core/envelope';
import { envelopeCost } from '@0k-sync/core/session';
import { errorOf, type Refusal } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { type LogSegment, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import { SenderChain, type StoredPlace } from './sender-chain.ts';

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
  readonly #chains = new Map<string, SenderChain>();
  readonly #deps: GroupLogDeps;
  #receivedAtMs = 0n;

  constructor(deps: GroupLogDeps) {
    this.#deps = deps;
  }

  /** Highest cursor. */
  get head(): number {
    return this.floor + this.envelopes.length;
  }

  headOf(deviceKey: Uint8Array): StoredPlace {
    return this.#chainOf(deviceKey).head;
  }

  hash(envelope: Envelope): Uint8Array {
    return envelopeHash(this.#deps.crypto, envelope);
  }

  /**
   * Stores one well-formed item, or says why it does not. RL-24 to RL-28, RL-32.
   * @param rest the items after it in the same Push
   */
  push(item: ParsedEnvelope, skip: boolean, quotas: Quotas, rest: readonly ParsedEnvelope[] = []): PushResult {
    const { envelope, senderKey, sequence, previous } = item;
    if (item.epoch > 0) return refused({ error: 'EPOCH_UNKNOWN' });
    const { head } = this.#chainOf(senderKey);
    if (sequence <= head.sequence) return this.#insert(item, quotas, rest);
    const continues = sequence === head.sequence + 1 && equal(previous, head.hash);
    if (head.sequence > 0 && !skip && !continues) return refused({ error: 'CHAIN_BROKEN' });
    if (this.#isFull([item], quotas)) return refused({ error: 'GROUP_QUOTA_EXCEEDED' });
    return accepted(this.append(envelope));
  }

  /** Bytes of the envelopes. RL-28. */
  get bytes(): number {
    return this.envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0);
  }

  /** Puts an envelope at the end without any check. @returns its cursor */
  append(envelope: Envelope): bigint {
    const cursor = BigInt(this.head + 1);
    const receivedAtMs = BigInt(Math.floor(this.#deps.wall()));
    if (receivedAtMs > this.#receivedAtMs) this.#receivedAtMs = receivedAtMs;
    this.envelopes.push({ ...structuredClone(envelope), cursor, receivedAtMs: this.#receivedAtMs });
    this.#addPlace(envelope);
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

  /** Replaces the envelopes. The chains follow from them. */
  replaceWith(envelopes: readonly Envelope[]): void {
    this.envelopes = [...envelopes];
    this.#chains.clear();
    for (const envelope of envelopes) this.#addPlace(envelope);
  }

  #chainOf(senderKey: Uint8Array): SenderChain {
    const key = toHex(senderKey);
    const chain = this.#chains.get(key) ?? new SenderChain();
    this.#chains.set(key, chain);
    return chain;
  }

  #addPlace(envelope: Envelope): void {
    const { senderKey, sequence, previous } = EnvelopeHeader.decode(envelope.header);
    const stub = stubOf(this.#deps.crypto, envelope);
    this.#chainOf(senderKey).add({ sequence: Number(sequence), hash: this.hash(envelope), previous, stub });
  }

  /** True if the quotas have no room for all of the items. RL-28, RL-33. */
  #isFull(items: readonly ParsedEnvelope[], { bytesMax, envelopesMax }: Quotas): boolean {
    if (this.envelopes.length + items.length > envelopesMax) return true;
    const bytes = items.reduce((sum, { envelope }) => sum + envelopeCost(envelope), 0);
    return bytesMax !== Number.POSITIVE_INFINITY && this.bytes + bytes > bytesMax;
  }

  /** The stored envelope with that sequence of a sender. */
  #find(senderKey: Uint8Array, sequence: number): Envelope | undefined {
    return this.envelopes.find(({ header }) => {
      const decoded = EnvelopeHeader.decode(header);
      return Number(decoded.sequence) === sequence && equal(decoded.senderKey, senderKey);
    });
  }

  /** Answers an item that is not above its sender's head. RL-25 to RL-27, RL-32. */
  #insert(item: ParsedEnvelope, quotas: Quotas, rest: readonly ParsedEnvelope[]): PushResult {
    const { envelope, senderKey, sequence } = item;
    const hash = this.hash(envelope);
    const stored = this.#find(senderKey, sequence);
    if (stored !== undefined && equal(this.hash(stored), hash)) {
      return { status: PushStatus.PUSH_STATUS_DUPLICATE, cursor: stored.cursor, error: undefined };
    }
    if (stored !== undefined)
      return refused({ error: 'SEQUENCE_CONFLICT', conflict: stubOf(this.#deps.crypto, stored) });
    const chain = this.#chainOf(senderKey);
    if (chain.isHole(sequence)) return this.#backfill(chain, [item, ...rest], quotas);
    if (sequence === chain.head.sequence && !equal(hash, chain.head.hash))
      return refused({ error: 'SEQUENCE_CONFLICT', conflict: chain.head.stub });
    return { status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0n, error: undefined };
  }

  /** Stores the first item if its run reaches an envelope that names it. RL-32, RL-33. */
  #backfill(chain: SenderChain, items: readonly ParsedEnvelope[], quotas: Quotas): PushResult {
    const run = this.#runOf(chain, items);
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return refused({ error: 'CHAIN_BROKEN' });
    const hashBelow = chain.hashBelow(last.sequence + 1);
    if (hashBelow === undefined || !equal(this.hash(last.envelope), hashBelow))
      return refused({ error: 'CHAIN_BROKEN' });
    if (run.some(({ epoch }) => epoch > 0)) return refused({ error: 'EPOCH_UNKNOWN' });
    if (this.#isFull(run, quotas)) return refused({ error: 'GROUP_QUOTA_EXCEEDED' });
    return accepted(this.append(first.envelope));
  }

  #runOf(chain: SenderChain, items: readonly ParsedEnvelope[]): readonly ParsedEnvelope[] {
    const run: ParsedEnvelope[] = [];
    for (const item of items) {
      const before = run.at(-1);
      const follows = before === undefined || this.#follows(before, item);
      if (!follows || !chain.isHole(item.sequence) || this.#find(item.senderKey, item.sequence) !== undefined) break;
      run.push(item);
    }
    return run;
  }

  #follows(before: ParsedEnvelope, { sequence, previous }: ParsedEnvelope): boolean {
    return sequence === before.sequence + 1 && equal(previous, this.hash(before.envelope));
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

function accepted(cursor: bigint): PushResult {
  return { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor, error: undefined };
}
