import { equal, zBase32 } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import {
  type Content,
  encodeContent,
  encodeEnvelope,
  envelopeHash,
  type Judgement,
  type MissingSequences,
  parseEnvelope,
  receiveEnvelope,
  type receiveHeld,
  type SenderView,
  type SignedEnvelope,
  verifyStub,
} from '@0k-sync/core/envelope';
import { classOf } from '@0k-sync/core/wire';
import type { RejectClass } from '@0k-sync/generated/errors';
import { Envelope, EnvelopeHeader, type Stub } from '@0k-sync/generated/wire/envelope';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { Membership } from '../group/membership.ts';
import type { Store } from '../store/port.ts';
import type { HoldReason, LogEntry, RelayKey } from '../store/types.ts';
import type { HeldEnvelopes } from './held.ts';
import type { IntakeBatch } from './intake-batch.ts';

/** One envelope as a relay delivered it. */
export interface Arrival {
  readonly envelope: Envelope;
  readonly relay: RelayKey;
  /** `host:port`, for events. */
  readonly address: string;
  readonly cursor: number;
  /** The relay's clock, milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** This device's clock when the envelope came, milliseconds since 1970. */
  readonly atMs: number;
}

/** Collaborators of EnvelopeJudge. */
export interface JudgeDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly membership: Membership;
  readonly events: Emitter<SyncEvents>;
}

type Rule = typeof receiveEnvelope | typeof receiveHeld;

/** Judges envelopes, and adds the changes and events that follow to a batch. EN-20 to EN-27. */
export class EnvelopeJudge {
  readonly #deps: JudgeDeps;
  readonly #held: HeldEnvelopes;
  /** True once this device's own chain has two envelopes in one place. CL-26. */
  ownChainForked = false;

  constructor(deps: JudgeDeps, held: HeldEnvelopes) {
    this.#deps = deps;
    this.#held = held;
  }

  /** Judges one envelope and, if it is accepted, the held envelopes that follow it. Returns its H, 32 bytes. */
  async judge(batch: IntakeBatch, arrival: Arrival, rule: Rule): Promise<Uint8Array> {
    const first = await this.#judgeOne(batch, arrival, rule);
    let accepted = first.type === 'accepted' ? first.signed : undefined;
    while (accepted !== undefined) accepted = await this.#judgeHeld(batch, arrival.address, accepted);
    return 'signed' in first ? first.signed.hash : envelopeHash(this.#deps.crypto, arrival.envelope);
  }

  /** Reports a fork when this device really signed the stub and has another envelope in its place. CL-26. */
  async judgeConflict(batch: IntakeBatch, relay: string, stub: Stub): Promise<void> {
    const { crypto, membership, store, events } = this.#deps;
    const verified = verifyStub(crypto, stub, membership.groupId);
    if (!verified.ok || !membership.isOwn(verified.value.senderKey)) return;
    const { senderKey, sequence, hash } = verified.value;
    const known = await store.entryBySequence(senderKey, sequence);
    if (known === undefined || equal(known.hash, hash)) return;
    const fork = { sender: zBase32(senderKey), sequence, own: true, relay, hashes: [known.hash, hash] as const };
    batch.afterwards(() => {
      this.ownChainForked = true;
      events.emit('fork', fork);
    });
  }

  /** Quarantines an envelope and reports it. EN-26. */
  reject(batch: IntakeBatch, arrival: Arrival, rejectClass: RejectClass): void {
    const { relay, cursor, address, atMs } = arrival;
    const hash = envelopeHash(this.#deps.crypto, arrival.envelope);
    const envelope = encodeEnvelope(arrival.envelope);
    batch.write({ kind: 'quarantine', envelope: { relay, cursor, rejectClass, envelope, atMs } });
    batch.afterwards(() => this.#deps.events.emit('rejected', { relay: address, cursor, hash, rejectClass }));
  }

  /** Judges the envelopes that are held for the place after an accepted one. Returns the one that was accepted. */
  async #judgeHeld(batch: IntakeBatch, address: string, before: SignedEnvelope): Promise<SignedEnvelope | undefined> {
    let accepted: SignedEnvelope | undefined;
    for (const next of this.#held.at(before.senderKey, before.sequence + 1)) {
      if (next.reason === 'epoch') continue;
      batch.release(next);
      const held = { ...next, envelope: Envelope.decode(next.envelope), address, atMs: next.heldAtMs };
      const outcome = await this.#judgeOne(batch, held, receiveEnvelope);
      if (outcome.type === 'accepted') accepted = outcome.signed;
    }
    return accepted;
  }

  async #judgeOne(batch: IntakeBatch, arrival: Arrival, rule: Rule): Promise<Judgement> {
    const { crypto, membership } = this.#deps;
    const { groupId } = membership;
    const parsed = parseEnvelope(arrival.envelope, groupId);
    const view = parsed.ok ? await this.#senderView(batch, parsed.value.senderKey, parsed.value.sequence) : undefined;
    const keysOf = (epoch: number) => membership.keysOfEpoch(epoch);
    const outcome = rule({ crypto, groupId, senderOf: () => view, keysOf }, arrival.envelope);
    await this.#take(batch, arrival, outcome);
    return outcome;
  }

  /** Reads the log entries that the chain's rules look up; places above the head have none. */
  async #senderView(batch: IntakeBatch, sender: Uint8Array, sequence: number): Promise<SenderView | undefined> {
    const { membership, store } = this.#deps;
    if (!membership.isMember(sender)) return undefined;
    const chain = batch.chainOf(sender);
    const entries = new Map<number, LogEntry>();
    for (const place of sequence > chain.head ? [] : [sequence - 1, sequence, sequence + 1]) {
      const entry = batch.entryAt(sender, place) ?? (await store.entryBySequence(sender, place));
      if (entry !== undefined) entries.set(place, entry);
    }
    const history = {
      hashAt: (place: number) => entries.get(place)?.hash,
      previousAt: (place: number) => previousOf(entries.get(place)),
    };
    return { chain, history, witness: membership.witnessOf(sender) };
  }

  async #take(batch: IntakeBatch, arrival: Arrival, outcome: Judgement): Promise<void> {
    switch (outcome.type) {
      case 'accepted':
        if (outcome.missing !== undefined) this.#reportGap(batch, outcome.signed.senderKey, outcome.missing);
        return this.#accept(batch, arrival, outcome.signed, outcome.content);
      case 'duplicate':
        return this.#place(batch, arrival, outcome.signed.hash);
      case 'gap':
        return this.#hold(batch, arrival, outcome.signed, 'gap');
      case 'pending':
        return this.#hold(batch, arrival, outcome.signed, 'epoch');
      case 'fork':
        return this.#reportFork(batch, arrival, outcome.signed, outcome.known);
      case 'unknown-sender':
        return this.reject(batch, arrival, 'envelope.auth');
      case 'rejected':
        return this.reject(batch, arrival, classOf(outcome.error));
    }
  }

  /** Accepts an envelope (EN-21). A repeated Message.id continues the chain and stays invisible (EN-16). */
  async #accept(batch: IntakeBatch, arrival: Arrival, signed: SignedEnvelope, content: Content): Promise<void> {
    const { membership, store, events } = this.#deps;
    const sender = signed.senderKey.slice();
    const own = membership.isOwn(sender);
    const messageId = content.type === 'message' ? content.message.id.slice() : new Uint8Array();
    const isRepeat =
      batch.hasMessage(sender, messageId) || (await store.entryByMessageId(sender, messageId)) !== undefined;
    batch.accept({
      sender,
      sequence: signed.sequence,
      hash: signed.hash,
      contentType: signed.contentType,
      messageId,
      plaintext: encodeContent(content),
      envelope: encodeEnvelope(signed.envelope),
      receivedAtMs: arrival.receivedAtMs,
      own,
      visible: content.type === 'message' && !isRepeat,
    });
    this.#place(batch, arrival, signed.hash);
    if (content.type !== 'announcement') return;
    const { name } = content.announcement;
    const renamed = membership.rename(sender, name);
    if (renamed !== undefined) {
      batch.write(renamed.change);
      batch.afterwards(() => membership.addMembers([renamed.member]));
    }
    if (!own) batch.afterwards(() => events.emit('member-joined', { device: zBase32(sender), name }));
  }

  #place(batch: IntakeBatch, { relay, cursor, receivedAtMs }: Arrival, hash: Uint8Array): void {
    batch.write({ kind: 'place', placement: { relay, cursor, hash, receivedAtMs } });
  }

  /** Holds an envelope unless it is held already; several may wait for one place. EN-24, EN-09. */
  #hold(batch: IntakeBatch, arrival: Arrival, signed: SignedEnvelope, reason: HoldReason): void {
    const { relay, cursor, receivedAtMs, atMs: heldAtMs } = arrival;
    const { senderKey, sequence, hash } = signed;
    if (this.#held.at(senderKey, sequence).some((known) => equal(known.hash, hash))) return;
    const envelope = encodeEnvelope(signed.envelope);
    batch.hold({ hash, sender: senderKey.slice(), sequence, relay, cursor, receivedAtMs, heldAtMs, reason, envelope });
  }

  #reportGap(batch: IntakeBatch, sender: Uint8Array, { from, to }: MissingSequences): void {
    const gap = { sender: zBase32(sender), from, to };
    batch.afterwards(() => this.#deps.events.emit('gap', gap));
  }

  /** Quarantines the second envelope of a place as evidence; the first stays in the log. EN-23, CL-26. */
  #reportFork(batch: IntakeBatch, arrival: Arrival, signed: SignedEnvelope, known: Uint8Array): void {
    const { relay, address, cursor, atMs } = arrival;
    const { sequence, hash } = signed;
    const own = this.#deps.membership.isOwn(signed.senderKey);
    const envelope = encodeEnvelope(signed.envelope);
    batch.write({ kind: 'quarantine', envelope: { relay, cursor, rejectClass: 'envelope.chain', envelope, atMs } });
    const fork = { sender: zBase32(signed.senderKey), sequence, own, relay: address, hashes: [known, hash] as const };
    batch.afterwards(() => {
      this.ownChainForked ||= own;
      this.#deps.events.emit('fork', fork);
    });
  }
}

function previousOf(entry: LogEntry | undefined): Uint8Array | undefined {
  return entry && EnvelopeHeader.decode(Envelope.decode(entry.envelope).header).previous;
}
