import { equal } from '@0k-sync/core/bytes';
import { envelopeHash, type HashedEnvelope, hashEnvelope, judgeAuthentic } from '@0k-sync/core/envelope';
import { classOf } from '@0k-sync/core/wire';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { pause } from '../async/pause.ts';
import type { Membership } from '../group/membership.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { Arrival } from './arrival.ts';
import { type AuthenticDeps, findAuthentic } from './authentic.ts';
import type { IntakeBatch } from './intake-batch.ts';
import type { EnvelopeJudge } from './judge.ts';
import type { Recall } from './recall.ts';

interface SegmentJudgeDeps extends AuthenticDeps {
  /** The time of the receiving side, milliseconds since 1970. OV-07. */
  readonly nowMs: () => number;
  readonly membership: Membership;
  readonly judge: EnvelopeJudge;
  readonly recall: Recall;
}

const NO_HASH_YET = new Uint8Array();

/** Judges the envelopes of one segment together: first which are authentic, then each in cursor order. EN-20, EN-31. */
export class SegmentJudge {
  readonly #deps: SegmentJudgeDeps;

  constructor(deps: SegmentJudgeDeps) {
    this.#deps = deps;
  }

  /** Judges the envelopes of one segment. Resolves with the H of the last one, which is empty if there is none. */
  async judge(batch: IntakeBatch, relay: ProvenRelay, envelopes: readonly Envelope[]): Promise<Uint8Array> {
    const { crypto, membership } = this.#deps;
    const segment = [];
    for (const envelope of envelopes) {
      if (batch.countStep()) await pause();
      segment.push({ envelope, hashed: hashEnvelope(crypto, envelope, membership.groupId) });
    }
    const wellFormed = segment.flatMap(({ hashed }) => (hashed.ok ? [hashed.value] : []));
    const authentic = await findAuthentic(this.#deps, batch, wellFormed);
    for (const { envelope, hashed } of segment) {
      const arrival = this.#arrivalOf(relay, envelope);
      if (!hashed.ok) this.#deps.judge.reject(batch, arrival, classOf(hashed.error), undefined);
      else if (authentic.has(hashed.value)) await this.#judgeAuthentic(batch, arrival, hashed.value);
      else await this.#judgeUnsigned(batch, arrival, hashed.value);
    }
    const last = segment.at(-1);
    if (last === undefined) return NO_HASH_YET;
    return last.hashed.ok ? last.hashed.value.hash : envelopeHash(crypto, last.envelope);
  }

  async #judgeAuthentic(batch: IntakeBatch, arrival: Arrival, authentic: HashedEnvelope): Promise<void> {
    if (this.#deps.held.has(authentic.hash)) return; // EN-22
    const { head, headHash } = batch.chainOf(authentic.senderKey);
    const follows = authentic.sequence === head + 1 && equal(authentic.previous, headHash);
    if (!follows) await this.#deps.recall.before(batch, authentic);
    await this.#deps.judge.judge(batch, arrival, authentic, judgeAuthentic);
  }

  /** A copy of what this segment has already brought is a duplicate, whatever its signature. EN-22, EN-33. */
  async #judgeUnsigned(batch: IntakeBatch, arrival: Arrival, hashed: HashedEnvelope): Promise<void> {
    const { senderKey, sequence, hash } = hashed;
    if (this.#deps.held.has(hash)) return;
    const accepted = batch.entryAt(senderKey, sequence);
    if (accepted === undefined || !equal(accepted.hash, hash)) this.#deps.judge.rejectUnsigned(batch, arrival, hashed);
    else await this.#deps.judge.judge(batch, arrival, hashed, judgeAuthentic);
  }

  #arrivalOf({ key, address }: ProvenRelay, envelope: Envelope): Arrival {
    return {
      envelope,
      relay: key,
      address,
      cursor: Number(envelope.cursor),
      receivedAtMs: Number(envelope.receivedAtMs),
      atMs: this.#deps.nowMs(),
    };
  }
}
