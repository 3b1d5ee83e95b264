import { zBase32 } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import {
  encodeEnvelope,
  envelopeHash,
  type HashedEnvelope,
  type Judgement,
  judgeAuthentic,
  type judgeOverdue,
  openEnvelope,
  type SenderView,
  skippedOf,
} from '@0k-sync/core/envelope';
import { classOf } from '@0k-sync/core/wire';
import type { RejectClass } from '@0k-sync/generated/errors';
import type { Emitter } from '../async/emitter.ts';
import { pause } from '../async/pause.ts';
import type { SyncEvents } from '../events.ts';
import type { Membership } from '../group/membership.ts';
import type { Store } from '../store/port.ts';
import type { HoldReason, LogEntry, StoredMember } from '../store/types.ts';
import { type Arrival, arrivalOfHeld, heldOf } from './arrival.ts';
import type { Forks } from './forks.ts';
import type { HeldEnvelopes } from './held.ts';
import type { IntakeBatch } from './intake-batch.ts';
import { hashedOf } from './stored-envelope.ts';

/** Collaborators of EnvelopeJudge. */
export interface JudgeDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly membership: Membership;
  readonly events: Emitter<SyncEvents>;
  readonly held: HeldEnvelopes;
  readonly forks: Forks;
}

type Accepted = Extract<Judgement, { type: 'accepted' }>;
/** Log entries of one sender, by sequence. */
type Entries = ReadonlyMap<number, LogEntry>;
type Rule = typeof judgeAuthentic | typeof judgeOverdue;

const NO_ENTRIES: Entries = new Map();

/** Judges authentic envelopes, and adds the changes and events that follow to a batch. EN-20 to EN-27. */
export class EnvelopeJudge {
  readonly #deps: JudgeDeps;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  /** Judges an authentic envelope and, if it is accepted, the held ones that follow it. */
  async judge(batch: IntakeBatch, arrival: Arrival, authentic: HashedEnvelope, rule: Rule): Promise<Judgement> {
    if (batch.countStep()) await pause();
    const entries = this.#isAboveHead(batch, authentic) ? NO_ENTRIES : await this.#entriesAround(batch, authentic);
    const outcome = this.#judgeOne(batch, authentic, rule, entries);
    const taken = this.#take(batch, arrival, authentic, outcome);
    if (taken !== undefined) await taken;
    let accepted = outcome.type === 'accepted' ? authentic : undefined;
    while (accepted !== undefined && !this.#deps.held.isEmpty)
      accepted = await this.#judgeNext(batch, arrival.address, accepted);
    return outcome;
  }

  /** Quarantines an envelope and reports it. `hashed` is undefined when its form is wrong. EN-26. */
  reject(
    batch: IntakeBatch,
    arrival: Arrival,
    rejectClass: RejectClass,
    hashed: HashedEnvelope | undefined,
  ): undefined {
    this.#quarantine(batch, arrival, rejectClass, hashed, false);
  }

  /** Quarantines an envelope that nothing authenticates. EN-30, EN-34. */
  rejectUnsigned(batch: IntakeBatch, arrival: Arrival, hashed: HashedEnvelope): void {
    this.#quarantine(batch, arrival, 'envelope.auth', hashed, true);
  }

  /** Judges what is held of a sender whose record has become known, from the lowest sequence upwards. CL-12. */
  async judgeHeldOf(batch: IntakeBatch, sender: Uint8Array, addressOf: (relay: string) => string): Promise<void> {
    const { crypto, held, membership } = this.#deps;
    for (const row of held.awaitingRecord(sender)) {
      if (!held.has(row.hash)) continue; // it followed on one before it
      batch.release(row);
      const arrival = arrivalOfHeld(row, addressOf(row.relay));
      await this.judge(
        batch,
        arrival,
        hashedOf(crypto, arrival.envelope, row.hash, membership.groupId),
        judgeAuthentic,
      );
    }
  }

  /** Judges without any effect. */
  async preview(batch: IntakeBatch, authentic: HashedEnvelope): Promise<Judgement['type']> {
    return this.#judgeOne(batch, authentic, judgeAuthentic, await this.#entriesAround(batch, authentic)).type;
  }

  /** Judges the envelopes that are held for the place after an accepted one. Returns the one that was accepted. */
  async #judgeNext(batch: IntakeBatch, address: string, before: HashedEnvelope): Promise<HashedEnvelope | undefined> {
    const { crypto, held, membership } = this.#deps;
    let accepted: HashedEnvelope | undefined;
    for (const next of held.at(before.senderKey, before.sequence + 1)) {
      if (next.reason === 'epoch') continue;
      if (batch.countStep()) await pause();
      batch.release(next);
      const arrival = arrivalOfHeld(next, address);
      const authentic = hashedOf(crypto, arrival.envelope, next.hash, membership.groupId);
      const entries = await this.#entriesAround(batch, authentic);
      const outcome = this.#judgeOne(batch, authentic, judgeAuthentic, entries);
      await this.#take(batch, arrival, authentic, outcome);
      if (outcome.type === 'accepted') accepted = authentic;
    }
    return accepted;
  }

  #judgeOne(batch: IntakeBatch, authentic: HashedEnvelope, rule: Rule, entries: Entries): Judgement {
    const { crypto, membership } = this.#deps;
    const senderOf = () => this.#senderView(batch, authentic, entries);
    const keysOf = (epoch: number) => membership.keysOfEpoch(epoch);
    return rule({ crypto, groupId: membership.groupId, senderOf, keysOf }, authentic);
  }

  #senderView(batch: IntakeBatch, { senderKey }: HashedEnvelope, entries: Entries): SenderView | undefined {
    if (batch.memberOf(senderKey) === undefined) return undefined;
    const history = {
      hashAt: (place: number) => entries.get(place)?.hash,
      previousAt: (place: number) => entries.get(place)?.previous,
    };
    return { chain: batch.chainOf(senderKey), history, witness: this.#deps.membership.headOf(senderKey) };
  }

  /** True for a place at and above which its sender has no log entry. */
  #isAboveHead(batch: IntakeBatch, { senderKey, sequence }: HashedEnvelope): boolean {
    return sequence > batch.chainOf(senderKey).head;
  }

  /** The log entries that the chain's rules look up, by sequence. */
  async #entriesAround(batch: IntakeBatch, authentic: HashedEnvelope): Promise<Entries> {
    const { store } = this.#deps;
    const { senderKey, sequence } = authentic;
    const entries = new Map<number, LogEntry>();
    if (this.#isAboveHead(batch, authentic)) return entries;
    for (const place of [sequence - 1, sequence, sequence + 1]) {
      const entry = batch.entryAt(senderKey, place) ?? (await store.entryBySequence(senderKey, place));
      if (entry !== undefined) entries.set(place, entry);
    }
    return entries;
  }

  #take(
    batch: IntakeBatch,
    arrival: Arrival,
    authentic: HashedEnvelope,
    outcome: Judgement,
  ): Promise<void> | undefined {
    switch (outcome.type) {
      case 'accepted':
        for (const { from, to } of outcome.missing) {
          const gap = { sender: zBase32(authentic.senderKey), from, to };
          batch.afterwards(() => this.#deps.events.emit('gap', gap));
        }
        return this.#accept(batch, arrival, outcome);
      case 'duplicate':
        return this.#place(batch, arrival, authentic.hash);
      case 'gap':
        return this.#hold(batch, arrival, authentic, 'gap');
      case 'pending':
        return this.#hold(batch, arrival, authentic, 'epoch');
      case 'fork':
        return this.#deps.forks.take(batch, arrival, authentic, outcome.known);
      case 'unknown-sender':
        return this.#meet(batch, arrival, authentic);
      case 'rejected':
        return this.reject(batch, arrival, classOf(outcome.error), authentic);
    }
  }

  /** Holds the envelope of a sender without a record, unless it brings that record itself. CL-09. */
  async #meet(batch: IntakeBatch, arrival: Arrival, authentic: HashedEnvelope): Promise<void> {
    this.#hold(batch, arrival, authentic, 'record');
    const member = this.#introduced(authentic);
    if (member === undefined) return;
    batch.addMember(member);
    await this.judgeHeldOf(batch, member.deviceKey, () => arrival.address);
  }

  /** The member whose verified record an announcement brings; only its own sender's counts. CL-09, GR-14. */
  #introduced(authentic: HashedEnvelope): StoredMember | undefined {
    const { membership } = this.#deps;
    const keys = membership.keysOfEpoch(authentic.epoch);
    const opened = keys && openEnvelope(keys, authentic);
    if (!opened?.ok || opened.value.type !== 'announcement') return undefined;
    const { record } = opened.value.announcement;
    return record && membership.verifyOwnWord(record, authentic.senderKey);
  }

  /** Accepts an envelope (EN-21). A repeated Message.id continues the chain and stays invisible (EN-16). */
  async #accept(batch: IntakeBatch, arrival: Arrival, { authentic, content, plaintext }: Accepted): Promise<void> {
    const { membership, store, events } = this.#deps;
    const { sequence, hash, bodyHash, previous, epoch, contentType } = authentic;
    const sender = batch.memberOf(authentic.senderKey)?.deviceKey ?? authentic.senderKey.slice();
    const own = membership.isOwn(sender);
    const messageId = content.type === 'message' ? content.message.id : new Uint8Array();
    const isRepeat =
      batch.hasMessage(sender, messageId) || (await store.entryByMessageId(sender, messageId)) !== undefined;
    // This device may push its own envelope on, so it signs it again: a successor may have vouched for it. EN-35.
    const signature = own ? membership.deviceKeys.sign(hash) : authentic.envelope.signature;
    batch.accept({
      sender,
      sequence,
      hash,
      previous,
      epoch,
      contentType,
      messageId,
      topic: content.type === 'message' ? content.message.topic : '',
      plaintext,
      nonce: authentic.envelope.nonce,
      bodyHash,
      signature,
      receivedAtMs: arrival.receivedAtMs,
      own,
      sealedHere: false,
      visible: content.type === 'message' && !isRepeat,
    });
    for (const { from, to } of skippedOf(content)) {
      batch.write({ kind: 'skip', skip: { sender, from, to, named: true } });
    }
    this.#place(batch, arrival, hash);
    if (content.type !== 'announcement') return;
    const { name } = content.announcement;
    batch.rename(sender, name);
    if (!own) batch.afterwards(() => events.emit('member-joined', { device: zBase32(sender), name }));
  }

  #place(batch: IntakeBatch, { relay, cursor, receivedAtMs }: Arrival, hash: Uint8Array): undefined {
    // A relay that claims 1970 hides nothing: 0 stands for a cursor that was not read.
    batch.write({ kind: 'place', placement: { relay, cursor, hash, receivedAtMs: Math.max(receivedAtMs, 1) } });
  }

  /** Holds an envelope; several may wait for one place. EN-24, EN-09, CL-09. */
  #hold(batch: IntakeBatch, arrival: Arrival, authentic: HashedEnvelope, reason: HoldReason): undefined {
    batch.hold(heldOf(arrival, authentic, reason));
  }

  #quarantine(
    batch: IntakeBatch,
    arrival: Arrival,
    rejectClass: RejectClass,
    hashed: HashedEnvelope | undefined,
    unsigned: boolean,
  ): void {
    const { relay, cursor, address, atMs, receivedAtMs } = arrival;
    const hash = hashed?.hash ?? envelopeHash(this.#deps.crypto, arrival.envelope);
    const place = { sender: hashed?.senderKey.slice() ?? new Uint8Array(), sequence: hashed?.sequence ?? 0 };
    const envelope = encodeEnvelope(arrival.envelope);
    const row = { relay, cursor, rejectClass, hash, ...place, unsigned, envelope, receivedAtMs, atMs };
    batch.write({ kind: 'quarantine', envelope: row });
    batch.afterwards(() => this.#deps.events.emit('rejected', { relay: address, cursor, hash, rejectClass }));
  }
}
