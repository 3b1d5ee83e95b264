import { equal, toHex } from '@0k-sync/core/bytes';
import {
  authenticate,
  type Chain,
  EMPTY_CHAIN,
  extendChain,
  type HashedEnvelope,
  hashEnvelope,
  judgeLink,
} from '@0k-sync/core/envelope';
import { accountsForEveryCursor } from '@0k-sync/core/session';
import { classOf, decodeStrict, fail } from '@0k-sync/core/wire';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { crypto, type Ops, rejection } from './op.ts';

/** Chains of senders and stretches of a log. EN-08, EN-20 to EN-24, EN-30 to EN-33, CL-02, CL-04, CL-08. */
export const chainOps = {
  'chain.verify': (input) => {
    const groupId = input.bytes('group_id', 32);
    const senders = new Map(input.byteList('members').map((key) => [toHex(key), new SenderLog()]));
    const outcomes = judgeSegment(input.byteList('envelopes'), groupId, senders);
    const heads = [...senders]
      .filter(([, log]) => log.chain.head > 0)
      .sort(([first], [second]) => (first < second ? -1 : 1))
      .map(([key, { chain }]) => ({ sender_key: key, sequence: String(chain.head), hash: toHex(chain.headHash) }));
    return { outcomes, heads };
  },

  'cursor.merge': (input) => {
    const after = input.u64('after');
    const given = input.object('segment');
    const segment = {
      after: given.u64('after'),
      removedThrough: given.u64('removed_through'),
      envelopes: given.u64List('cursors').map(envelopeAt),
      next: given.u64('next'),
      head: given.u64('head'),
    };
    const hasMore = input.has('has_more') && input.members['has_more'] === true;
    if (!accountsForEveryCursor(segment, after)) throw rejection('CURSOR_GAP');
    // CL-04
    if (hasMore && segment.next === after) throw rejection('CURSOR_GAP');
    const { next, removedThrough } = segment;
    return {
      after: String(next),
      ...(removedThrough > after && { expired: { from: String(after + 1n), to: String(removedThrough) } }),
    };
  },
} satisfies Ops;

/** The accepted envelopes of one sender, and those held until a gap closes. */
class SenderLog {
  chain: Chain = EMPTY_CHAIN;
  readonly #accepted = new Map<number, HashedEnvelope>();
  /** Held envelopes in the order received; two may wait for one place, and only one of them continues the chain. */
  readonly #held: HashedEnvelope[] = [];

  /** The verdict on an envelope that has this H already; undefined when none has it. EN-22. */
  outcomeOfCopy({ sequence, hash }: HashedEnvelope): string | undefined {
    const accepted = this.#accepted.get(sequence);
    if (accepted !== undefined && equal(accepted.hash, hash)) return 'duplicate';
    const isWaiting = sequence > this.chain.head && this.#held.some((held) => equal(held.hash, hash));
    return isWaiting ? 'gap' : undefined;
  }

  take(authentic: HashedEnvelope): string {
    const verdict = this.#judge(authentic);
    switch (verdict) {
      case 'next':
        this.#accept(authentic);
        return 'accepted';
      case 'gap':
        this.#held.push(authentic);
        return 'gap';
      case 'broken':
        return 'rejected:envelope.chain';
      default:
        return verdict;
    }
  }

  #judge(authentic: HashedEnvelope) {
    const history = {
      hashAt: (sequence: number) => this.#accepted.get(sequence)?.hash,
      previousAt: (sequence: number) => this.#accepted.get(sequence)?.previous,
    };
    return judgeLink(this.chain, history, authentic).type;
  }

  /** Accepts it and what was held behind it. EN-24. */
  #accept(authentic: HashedEnvelope): void {
    for (let next: HashedEnvelope | undefined = authentic; next !== undefined; next = this.#continuation()) {
      this.#accepted.set(next.sequence, next);
      this.chain = extendChain(this.chain, next);
    }
  }

  /** The first that was held for the next place and continues the chain. EN-23. */
  #continuation(): HashedEnvelope | undefined {
    const place = this.chain.head + 1;
    return this.#held.find((held) => held.sequence === place && this.#judge(held) === 'next');
  }
}

/** Judges the envelopes of one segment. EN-20, EN-30 to EN-33. */
function judgeSegment(
  segment: readonly Uint8Array[],
  groupId: Uint8Array,
  senders: ReadonlyMap<string, SenderLog>,
): string[] {
  const hashed = segment.map((bytes) => {
    const envelope = decodeStrict('Envelope', bytes);
    return envelope === undefined ? fail('INVALID_MESSAGE', '') : hashEnvelope(crypto, envelope, groupId);
  });
  const wellFormed = hashed.flatMap((result) => (result.ok ? [result.value] : []));
  const authentic = authenticate(crypto, wellFormed, () => false);
  return hashed.map((result) => {
    if (!result.ok) return `rejected:${classOf(result.error)}`;
    const log = senders.get(toHex(result.value.senderKey));
    const known = log?.outcomeOfCopy(result.value);
    if (known !== undefined) return known;
    if (!authentic.has(result.value)) return 'rejected:envelope.auth';
    return log?.take(result.value) ?? 'held'; // CL-09
  });
}

/** Makes an envelope of which only the cursor matters. */
function envelopeAt(cursor: bigint): Envelope {
  const none = new Uint8Array();
  return { header: none, nonce: none, ciphertext: none, signature: none, cursor, receivedAtMs: 0n };
}
