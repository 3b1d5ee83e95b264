import type { CryptoProvider } from '@0k-sync/core/crypto';
import { judgeOverdue, parseEnvelope, verifyStub } from '@0k-sync/core/envelope';
import { GAP_WAIT_MS, ROLL_BACK_MS_MIN } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { Serial } from '../async/serial.ts';
import type { SyncEvents } from '../events.ts';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { Store } from '../store/port.ts';
import type {
  HeldEnvelope,
  RelayKey,
  StoredEvidence,
  StoredExpiry,
  StoredMember,
  StoredProgress,
  StoredVisit,
} from '../store/types.ts';
import { arrivalOfHeld } from './arrival.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { Forks } from './forks.ts';
import { HeldEnvelopes } from './held.ts';
import { IntakeBatch } from './intake-batch.ts';
import { EnvelopeJudge } from './judge.ts';
import { Losses } from './losses.ts';
import { Recall } from './recall.ts';
import { SegmentJudge } from './segment-judge.ts';
import { hashedOf } from './stored-envelope.ts';

interface IntakeDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly membership: Membership;
  readonly events: Emitter<SyncEvents>;
  readonly clock: Clock;
  /** Runs everything that changes chains, one piece after the other. */
  readonly serial: Serial;
  readonly chains: Chains;
  /** Told when a cursor has moved. */
  readonly statusChanged: () => void;
}

/** The stored state of the receiving side. */
export interface StoredIntake {
  readonly held: readonly HeldEnvelope[];
  readonly progress: readonly StoredProgress[];
  readonly evidence: readonly StoredEvidence[];
  readonly expired: readonly StoredExpiry[];
  readonly visits: readonly StoredVisit[];
}

const NO_HASH_YET = new Uint8Array();
/** Gaps that are closed in one transaction. */
const GAPS_PER_COMMIT = 64;

/** Verifies and stores what relays deliver, and times out gaps. CL-01, CL-03, CL-06, CL-08. */
export class Intake {
  /** Told of sessions and of their absence. CL-29. */
  readonly expiryWatch: ExpiryWatch;
  readonly #deps: IntakeDeps;
  readonly #held: HeldEnvelopes;
  readonly #forks: Forks;
  readonly #judge: EnvelopeJudge;
  readonly #recall: Recall;
  readonly #segments: SegmentJudge;
  readonly #losses: Losses;
  readonly #progress = new Map<RelayKey, StoredProgress>();
  readonly #addresses = new Map<RelayKey, string>();
  /** Monotonic time of the last roll-back, ms. */
  readonly #rolledBackAt = new Map<RelayKey, number>();
  /** The wall clock's time when the monotonic clock showed 0: the time since then is monotonic. OV-07. */
  readonly #epochMs: number;
  #cancelTimer: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(deps: IntakeDeps, { held, progress, evidence, expired, visits }: StoredIntake) {
    this.#deps = deps;
    this.#epochMs = deps.clock.now() - deps.clock.monotonic();
    const nowMs = this.#nowMs;
    this.#held = new HeldEnvelopes(held.map((each) => ({ ...each, heldAtMs: Math.min(each.heldAtMs, nowMs) })));
    this.#forks = new Forks(deps, evidence);
    this.#judge = new EnvelopeJudge({ ...deps, held: this.#held, forks: this.#forks });
    const parts = { held: this.#held, judge: this.#judge, addressOf: this.#addressOf };
    this.#recall = new Recall({ ...deps, ...parts });
    this.#segments = new SegmentJudge({ ...deps, ...parts, recall: this.#recall, nowMs: () => this.#nowMs });
    this.#losses = new Losses(deps, expired);
    this.expiryWatch = new ExpiryWatch(deps, visits);
    for (const row of progress) this.#progress.set(row.relay, row);
    this.#scheduleGaps();
  }

  /** True once this device's chain has two envelopes in one place: nothing may be pushed any more. CL-26. */
  get ownChainForked(): boolean {
    return this.#forks.isOwnForked;
  }

  /** The progress at one relay; all zero for a relay that was never read. CL-01. */
  progressAt(relay: RelayKey): StoredProgress {
    return this.#progress.get(relay) ?? { relay, cursor: 0, hash: NO_HASH_YET, enrolled: false };
  }

  /** The highest cursor of a relay below which nothing is held. CL-13. */
  acknowledgeableAt(relay: RelayKey): number {
    const { cursor } = this.progressAt(relay);
    return Math.min(cursor, (this.#held.lowestCursor(relay) ?? Number.POSITIVE_INFINITY) - 1);
  }

  /** Stores that a relay has this device's record, or that it has lost it. */
  setEnrolled(relay: RelayKey, enrolled: boolean): Promise<void> {
    return this.#deps.serial.run(async () => {
      const progress = { ...this.progressAt(relay), enrolled };
      await this.#deps.store.commit([{ kind: 'progress', progress }]);
      this.#progress.set(relay, progress);
    });
  }

  /** True when a segment has an envelope of a sender without a verified record. CL-09. */
  hasStranger(segment: LogSegment): boolean {
    const { membership } = this.#deps;
    return segment.envelopes.some((envelope) => {
      const parsed = parseEnvelope(envelope, membership.groupId);
      return parsed.ok && !membership.isMember(parsed.value.senderKey);
    });
  }

  /** Stores new members, and judges again what is held or quarantined of them. CL-12. */
  welcome(members: readonly StoredMember[]): Promise<void> {
    return this.#deps.serial.run(async () => {
      const batch = this.#batch();
      for (const member of members) batch.addMember(member);
      for (const { deviceKey } of members) {
        await this.#recall.ofSender(batch, deviceKey);
        await this.#judge.judgeHeldOf(batch, deviceKey, this.#addressOf);
      }
      await this.#commit(batch);
      this.#scheduleGaps();
    });
  }

  /** Judges and stores the envelopes of a checked segment and moves the relay's cursor, in one transaction. CL-03. */
  receive(relay: ProvenRelay, segment: LogSegment): Promise<void> {
    return this.#deps.serial.run(() => this.#receive(relay, segment));
  }

  /** False while the last roll-back of a relay is younger than ROLL_BACK_MS_MIN. CL-16. */
  mayRollBack(relay: RelayKey): boolean {
    const last = this.#rolledBackAt.get(relay);
    return last === undefined || this.#deps.clock.monotonic() - last >= ROLL_BACK_MS_MIN;
  }

  /** Lets every relay roll back again, as the app has asked for a new connection. CL-16, CL-39. */
  forgetRollBacks(): void {
    this.#rolledBackAt.clear();
  }

  /** Begins again at cursor 0 of a relay that lost what it had. CL-06. */
  rollBack(relay: ProvenRelay): Promise<void> {
    return this.#deps.serial.run(async () => {
      const { cursor, enrolled } = this.progressAt(relay.key);
      const progress = { relay: relay.key, cursor: 0, hash: NO_HASH_YET, enrolled };
      const batch = this.#batch();
      batch.write({ kind: 'forget-placements', relay: relay.key });
      batch.write({ kind: 'progress', progress });
      // Held envelopes have no cursor there any more.
      for (const held of this.#held.from(relay.key)) {
        batch.release(held);
        batch.hold({ ...held, cursor: 0 });
      }
      batch.afterwards(() => {
        this.#progress.set(relay.key, progress);
        this.#rolledBackAt.set(relay.key, this.#deps.clock.monotonic());
        this.#deps.events.emit('rolled-back', { relay: relay.address, cursor });
      });
      await this.#commit(batch);
    });
  }

  /** The relay has let this device in. CL-08, CL-29. */
  entered({ key, address }: ProvenRelay, helloAck: HelloAck): void {
    const { crypto, membership } = this.#deps;
    const ownHead = helloAck.ownHead && verifyStub(crypto, helloAck.ownHead, membership.groupId);
    const isOwn = ownHead?.ok === true && membership.isOwn(ownHead.value.senderKey);
    this.#losses.noteOwnHead(key, isOwn ? ownHead.value.sequence : 0);
    this.expiryWatch.entered(address, helloAck);
  }

  /** Judges the stub of an own envelope that a relay showed; it did not come through the log. CL-26. */
  receiveOwnStub({ address }: ProvenRelay, stub: Stub): Promise<void> {
    return this.#deps.serial.run(async () => {
      const { crypto, membership } = this.#deps;
      const verified = verifyStub(crypto, stub, membership.groupId);
      if (!verified.ok || !membership.isOwn(verified.value.senderKey)) return;
      const batch = this.#batch();
      await this.#forks.takeOwnStub(batch, address, verified.value);
      await this.#commit(batch);
    });
  }

  /** Resolves when no envelope waits behind a gap. */
  async settled(): Promise<void> {
    if (this.#held.nextDeadline === undefined) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#cancelTimer?.();
    this.expiryWatch.close();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #receive(relay: ProvenRelay, segment: LogSegment): Promise<void> {
    const progress = this.progressAt(relay.key);
    const [next, head] = [Number(segment.next), Number(segment.head)];
    this.#addresses.set(relay.key, relay.address);
    if (next > progress.cursor) await this.#store(relay, segment, progress);
    this.#deps.statusChanged();
    // Only another relay could still fill a gap, and there is none. EN-24.
    await this.#closeGaps(next >= head ? Number.POSITIVE_INFINITY : this.#waitedSince);
    if (next < head) return;
    this.#losses.reportWithheld(relay);
    await this.expiryWatch.read(relay);
  }

  async #store(relay: ProvenRelay, segment: LogSegment, progress: StoredProgress): Promise<void> {
    const batch = this.#batch();
    const after = Math.max(Number(segment.after), progress.cursor);
    if (Number(segment.removedThrough) > after) await this.#losses.noteRemoved(batch, relay, after, segment);
    const fresh = segment.envelopes.filter(({ cursor }) => Number(cursor) > progress.cursor);
    const hash = await this.#segments.judge(batch, relay, fresh);
    const moved = { ...progress, cursor: Number(segment.next), hash };
    batch.write({ kind: 'progress', progress: moved });
    batch.afterwards(() => this.#progress.set(relay.key, moved));
    await this.#commit(batch);
  }

  /** The time, milliseconds since 1970, as far as it has passed while this device runs. */
  get #nowMs(): number {
    return Math.floor(this.#epochMs + this.#deps.clock.monotonic());
  }

  readonly #addressOf = (relay: RelayKey): string => this.#addresses.get(relay) ?? relay;

  #batch(): IntakeBatch {
    const { chains, membership } = this.#deps;
    return new IntakeBatch({ chains, membership, held: this.#held });
  }

  async #commit(batch: IntakeBatch): Promise<void> {
    await batch.commit(async (changes) => void (await this.#deps.store.commit(changes)));
    if (batch.visible > 0) this.#deps.events.emit('received', { count: batch.visible });
  }

  /** The time of the latest envelopes that have waited for GAP_WAIT_MS; milliseconds since 1970. */
  get #waitedSince(): number {
    return this.#nowMs - GAP_WAIT_MS;
  }

  /** Gives up the gaps of what came until `through`, and the oldest gaps anyway while the buffer is full. EN-24, EN-25. */
  async #closeGaps(through: number): Promise<void> {
    while (this.#held.overdue(through) !== undefined || this.#held.surplus !== undefined) {
      const batch = this.#batch();
      for (let closed = 0; closed < GAPS_PER_COMMIT; closed += 1) {
        const overdue = this.#held.overdue(through);
        const held = overdue ?? this.#held.surplus;
        if (held === undefined) break;
        batch.release(held);
        const arrival = arrivalOfHeld(held, this.#addressOf(held.relay));
        const { crypto, membership } = this.#deps;
        const hashed = hashedOf(crypto, arrival.envelope, held.hash, membership.groupId);
        if (overdue !== undefined) await this.#judge.judge(batch, arrival, hashed, judgeOverdue);
        else this.#judge.reject(batch, arrival, held.reason === 'epoch' ? 'session.epoch' : 'envelope.auth', hashed);
      }
      await this.#commit(batch);
    }
    this.#scheduleGaps();
  }

  #scheduleGaps(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const deadline = this.#held.nextDeadline;
    if (deadline === undefined) {
      for (const resolve of this.#waiting.splice(0)) resolve();
      return;
    }
    const { clock, serial } = this.#deps;
    this.#cancelTimer = clock.after(deadline - this.#nowMs, () => {
      // A store that fails here also fails for the next segment, and is reported there.
      serial.run(() => this.#closeGaps(this.#waitedSince)).catch(() => {});
    });
  }
}
