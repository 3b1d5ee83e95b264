import { equal, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { envelopeHash } from '@0k-sync/core/envelope';
import { envelopeCost } from '@0k-sync/core/session';
import { errors } from '@0k-sync/generated/errors';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { LogSegment, PushItem, PushResult } from '@0k-sync/generated/wire/frame';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';

interface Head {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** One group as a relay that follows the rules keeps it, in memory. */
export class ScriptedGroup {
  readonly records = new Map<string, MemberRecord>();
  /** Envelopes from cursor floor + 1 on. */
  log: Envelope[] = [];
  floor = 0;
  heads = new Map<string, Head>();
  readonly #crypto: CryptoProvider;

  constructor(crypto: CryptoProvider) {
    this.#crypto = crypto;
  }

  get head(): number {
    return this.floor + this.log.length;
  }

  headOf(device: Uint8Array): Head {
    return this.heads.get(toHex(device)) ?? { sequence: 0, hash: new Uint8Array() };
  }

  hash(envelope: Envelope): Uint8Array {
    return envelopeHash(this.#crypto, envelope);
  }

  /** RL-20, RL-24 to RL-27. */
  push({ envelope, skip }: PushItem): PushResult {
    if (envelope === undefined) throw new TypeError('a push item has an envelope');
    const hash = this.hash(envelope);
    const { senderKey, sequence, previous } = EnvelopeHeader.decode(envelope.header);
    const stored = this.log.find((entry) => {
      const header = EnvelopeHeader.decode(entry.header);
      return header.sequence === sequence && equal(header.senderKey, senderKey);
    });
    if (stored !== undefined && equal(this.hash(stored), hash)) {
      return { status: PushStatus.PUSH_STATUS_DUPLICATE, cursor: stored.cursor, error: undefined };
    }
    if (stored !== undefined) return refusal('SEQUENCE_CONFLICT', stored);
    const head = this.headOf(senderKey);
    if (Number(sequence) <= head.sequence) {
      return { status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0n, error: undefined };
    }
    const continues = Number(sequence) === head.sequence + 1 && equal(previous, head.hash);
    if (!continues && !skip && head.sequence > 0) return refusal('CHAIN_BROKEN');
    const cursor = this.append(envelope);
    return { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor, error: undefined };
  }

  /** Puts an envelope at the end without any check. */
  append(envelope: Envelope): bigint {
    const cursor = BigInt(this.head + 1);
    const copy = { ...envelope, cursor, receivedAtMs: 1_700_000_000_000n + cursor };
    this.log.push(structuredClone(copy));
    const { senderKey, sequence } = EnvelopeHeader.decode(envelope.header);
    this.heads.set(toHex(senderKey), { sequence: Number(sequence), hash: this.hash(envelope) });
    return cursor;
  }

  /** RL-42: what a reader at `after` is told. */
  isRolledBack(after: number, hashAtAfter: Uint8Array): boolean {
    if (after > this.head) return true;
    const envelope = this.log[after - this.floor - 1];
    return envelope !== undefined && !equal(this.hash(envelope), hashAtAfter);
  }

  /** RL-40, RL-41. */
  segment(after: number, bytesMax: number): LogSegment {
    const removedThrough = Math.max(after, this.floor);
    const envelopes: Envelope[] = [];
    let bytes = 0;
    for (const envelope of this.log.slice(removedThrough - this.floor)) {
      bytes += envelopeCost(envelope);
      if (envelopes.length > 0 && bytes > bytesMax) break;
      envelopes.push(envelope);
    }
    return {
      after: BigInt(after),
      removedThrough: BigInt(removedThrough),
      envelopes,
      next: BigInt(removedThrough + envelopes.length),
      head: BigInt(this.head),
    };
  }

  /** Forgets everything above a cursor, as a relay that was restored from a copy. */
  rollBackTo(cursor: number): void {
    this.log = this.log.slice(0, cursor - this.floor);
    this.heads = new Map();
    for (const envelope of this.log) {
      const { senderKey, sequence } = EnvelopeHeader.decode(envelope.header);
      this.heads.set(toHex(senderKey), { sequence: Number(sequence), hash: this.hash(envelope) });
    }
  }

  /** Removes everything up to a cursor. RL-50. */
  expireThrough(cursor: number): void {
    this.log = this.log.slice(cursor - this.floor);
    this.floor = cursor;
  }
}

function refusal(name: keyof typeof errors, conflict?: Envelope): PushResult {
  const error = { code: errors[name].number, detail: '', retryAfterMs: 0n, conflict };
  return { status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n, error };
}
