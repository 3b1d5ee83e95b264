import { parseEnvelope, receiveEnvelope, receiveHeld } from '@0k-sync/core/envelope';
import { Envelope, type Stub } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { Clock } from '../async/clock.ts';
import type { Serial } from '../async/serial.ts';
import type { Chains } from '../group/chains.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { HeldEnvelope, RelayKey, StoredProgress } from '../store/types.ts';
import { HeldEnvelopes } from './held.ts';
import { IntakeBatch } from './intake-batch.ts';
import { type Arrival, EnvelopeJudge, type JudgeDeps } from './judge.ts';

interface IntakeDeps extends JudgeDeps {
  readonly clock: Clock;
  /** Runs everything that changes chains, one piece after the other. */
  readonly serial: Serial;
  readonly chains: Chains;
}

const NO_HASH_YET = new Uint8Array();

/** Verifies and stores what relays deliver, and times out gaps. CL-01, CL-03, CL-06, CL-08. */
export class Intake {
  readonly #deps: IntakeDeps;
  readonly #held: HeldEnvelopes;
  readonly #judge: EnvelopeJudge;
  readonly #progress = new Map<RelayKey, StoredProgress>();
  readonly #addresses = new Map<RelayKey, string>();
  /** What the wall clock showed when the monotonic clock showed 0: the time since then is monotonic. OV-07. */
  readonly #epochMs: number;
  #cancelTimer: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(deps: IntakeDeps, held: readonly HeldEnvelope[], progress: readonly StoredProgress[]) {
    this.#deps = deps;
    this.#epochMs = deps.clock.now() - deps.clock.monotonic();
    const nowMs = this.#nowMs;
    this.#held = new HeldEnvelopes(held.map((each) => ({ ...each, heldAtMs: Math.min(each.heldAtMs, nowMs) })));
    this.#judge = new EnvelopeJudge(deps, this.#held);
    for (const row of progress) this.#progress.set(row.relay, row);
    this.#scheduleGaps();
  }

  /** True once this device's chain has two envelopes in one place: nothing may be pushed any more. CL-26. */
  get ownChainForked(): boolean {
    return this.#judge.ownChainForked;
  }

  /** The progress at one relay; all zero for a relay that was never read. CL-01. */
  progressAt(relay: RelayKey): StoredProgress {
    return this.#progress.get(relay) ?? { relay, cursor: 0, hash: NO_HASH_YET, enrolled: false };
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

  /** Judges and stores the envelopes of a checked segment and moves the relay's cursor, in one transaction. CL-03. */
  receive(relay: ProvenRelay, segment: LogSegment): Promise<void> {
    return this.#deps.serial.run(() => this.#receive(relay, segment));
  }

  /** Begins again at cursor 0 of a relay that lost what it had. CL-06. */
  rollBack(relay: ProvenRelay): Promise<void> {
    return this.#deps.serial.run(async () => {
      const { cursor, enrolled } = this.progressAt(relay.key);
      const progress = { relay: relay.key, cursor: 0, hash: NO_HASH_YET, enrolled };
      await this.#deps.store.commit([
        { kind: 'forget-placements', relay: relay.key },
        { kind: 'progress', progress },
      ]);
      this.#progress.set(relay.key, progress);
      this.#deps.events.emit('rolled-back', { relay: relay.address, cursor });
    });
  }

  /** Judges the stub that a relay sent with SEQUENCE_CONFLICT. CL-26. */
  receiveConflict(relay: ProvenRelay, stub: Stub): Promise<void> {
    return this.#deps.serial.run(async () => {
      const batch = new IntakeBatch(this.#deps.chains, this.#held);
      await this.#judge.judgeConflict(batch, relay.address, stub);
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
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #receive(relay: ProvenRelay, segment: LogSegment): Promise<void> {
    const progress = this.progressAt(relay.key);
    const next = Number(segment.next);
    if (next <= progress.cursor) return; // another request has brought it already
    this.#addresses.set(relay.key, relay.address);
    const batch = new IntakeBatch(this.#deps.chains, this.#held);
    const after = Math.max(Number(segment.after), progress.cursor);
    const removedThrough = Number(segment.removedThrough);
    if (removedThrough > after) {
      const expired = { relay: relay.address, from: after + 1, to: removedThrough };
      batch.afterwards(() => this.#deps.events.emit('expired', expired));
    }
    let hash: Uint8Array = NO_HASH_YET;
    for (const envelope of segment.envelopes) {
      if (Number(envelope.cursor) <= progress.cursor) continue;
      hash = await this.#judge.judge(batch, this.#arrivalOf(relay, envelope), receiveEnvelope);
    }
    const moved = { ...progress, cursor: next, hash };
    batch.write({ kind: 'progress', progress: moved });
    batch.afterwards(() => this.#progress.set(relay.key, moved));
    await this.#commit(batch);
    await this.#closeGaps();
  }

  /** The time, milliseconds since 1970, as far as it has passed while this device runs. */
  get #nowMs(): number {
    return Math.floor(this.#epochMs + this.#deps.clock.monotonic());
  }

  #arrivalOf({ key, address }: ProvenRelay, envelope: Envelope): Arrival {
    return {
      envelope,
      relay: key,
      address,
      cursor: Number(envelope.cursor),
      receivedAtMs: Number(envelope.receivedAtMs),
      atMs: this.#nowMs,
    };
  }

  async #commit(batch: IntakeBatch): Promise<void> {
    await batch.commit((changes) => this.#deps.store.commit(changes));
    if (batch.visible > 0) this.#deps.events.emit('received', { count: batch.visible });
  }

  /** Gives up every gap after GAP_WAIT_MS, and the oldest gaps earlier while the buffer is full. EN-24, EN-25. */
  async #closeGaps(): Promise<void> {
    for (;;) {
      const overdue = this.#held.overdue(this.#nowMs);
      const held = overdue ?? this.#held.surplus;
      if (held === undefined) break;
      const batch = new IntakeBatch(this.#deps.chains, this.#held);
      const address = this.#addresses.get(held.relay) ?? held.relay;
      const arrival = { ...held, envelope: Envelope.decode(held.envelope), address, atMs: held.heldAtMs };
      batch.release(held);
      if (overdue === undefined) this.#judge.reject(batch, arrival, 'session.epoch');
      else await this.#judge.judge(batch, arrival, receiveHeld);
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
      serial.run(() => this.#closeGaps()).catch(() => {});
    });
  }
}
