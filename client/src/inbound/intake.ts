import type { CryptoProvider } from '@0k-sync/core/crypto';
import { parseEnvelope, receiveEnvelope, receiveHeld } from '@0k-sync/core/envelope';
import { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { Serial } from '../async/serial.ts';
import type { SyncEvents } from '../events.ts';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { Store } from '../store/port.ts';
import type { HeldEnvelope, RelayKey, StoredProgress } from '../store/types.ts';
import { HeldEnvelopes } from './held.ts';
import { IntakeBatch } from './intake-batch.ts';
import { EnvelopeJudge } from './judge.ts';

/** A relay as the source of envelopes. */
export interface Source {
  readonly key: RelayKey;
  /** For events. */
  readonly address: string;
}

export interface IntakeConfig {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly clock: Clock;
  /** Shared with everything else that changes chains. */
  readonly serial: Serial;
  readonly events: Emitter<SyncEvents>;
  readonly membership: Membership;
  readonly chains: Chains;
}

const NO_HASH_YET = new Uint8Array();

/** The receiving side: stores what relays deliver, judged, and keeps the time of gaps. CL-01, CL-03, CL-06, CL-08. */
export class Intake {
  readonly #config: IntakeConfig;
  readonly #held: HeldEnvelopes;
  readonly #judge: EnvelopeJudge;
  readonly #progress = new Map<RelayKey, StoredProgress>();
  readonly #addresses = new Map<RelayKey, string>();
  #cancelTimer: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(config: IntakeConfig, held: readonly HeldEnvelope[], progress: readonly StoredProgress[]) {
    this.#config = config;
    this.#held = new HeldEnvelopes(held);
    this.#judge = new EnvelopeJudge(config, this.#held);
    for (const row of progress) this.#progress.set(row.relay, row);
    this.#schedule();
  }

  /** This device's chain has two envelopes in one place: it may not push any more. CL-26. */
  get ownChainForked(): boolean {
    return this.#judge.ownChainForked;
  }

  progress(relay: RelayKey): StoredProgress {
    return this.#progress.get(relay) ?? { relay, cursor: 0, hash: NO_HASH_YET, enrolled: false };
  }

  /** Stores whether a relay has this device's record. */
  setEnrolled(relay: RelayKey, enrolled: boolean): Promise<void> {
    return this.#config.serial.run(async () => {
      const progress = { ...this.progress(relay), enrolled };
      await this.#config.store.commit([{ kind: 'progress', progress }]);
      this.#progress.set(relay, progress);
    });
  }

  /** Whether a segment names a sender without a verified record. CL-09. */
  hasStranger(segment: LogSegment): boolean {
    const { membership } = this.#config;
    return segment.envelopes.some((envelope) => {
      const parsed = parseEnvelope(envelope, membership.groupId);
      return parsed.ok && !membership.isMember(parsed.value.senderKey);
    });
  }

  /** Judges and stores a checked segment, and moves the cursor, in one transaction. CL-03. */
  receive(source: Source, segment: LogSegment): Promise<void> {
    return this.#config.serial.run(() => this.#receive(source, segment));
  }

  /** Starts again at cursor 0 of a relay that went back. CL-06. */
  rollBack(source: Source): Promise<void> {
    return this.#config.serial.run(async () => {
      const { cursor, enrolled } = this.progress(source.key);
      const progress = { relay: source.key, cursor: 0, hash: NO_HASH_YET, enrolled };
      await this.#config.store.commit([
        { kind: 'forget-placements', relay: source.key },
        { kind: 'progress', progress },
      ]);
      this.#progress.set(source.key, progress);
      this.#config.events.emit('rolled-back', { relay: source.address, cursor });
    });
  }

  /** Judges an envelope that did not come through the log: the other side of a sequence conflict. CL-26. */
  receiveConflict(source: Source, envelope: Envelope): Promise<void> {
    return this.#config.serial.run(async () => {
      const batch = new IntakeBatch(this.#config.chains, this.#held);
      await this.#judge.judge(batch, this.#arrival(source, envelope), receiveEnvelope);
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

  async #receive(source: Source, segment: LogSegment): Promise<void> {
    const progress = this.progress(source.key);
    const next = Number(segment.next);
    if (next <= progress.cursor) return; // another request has brought it already
    this.#addresses.set(source.key, source.address);
    const batch = new IntakeBatch(this.#config.chains, this.#held);
    const after = Math.max(Number(segment.after), progress.cursor);
    const removedThrough = Number(segment.removedThrough);
    if (removedThrough > after) {
      const expired = { relay: source.address, from: after + 1, to: removedThrough };
      batch.afterwards(() => this.#config.events.emit('expired', expired));
    }
    let hash: Uint8Array = NO_HASH_YET;
    for (const envelope of segment.envelopes) {
      if (Number(envelope.cursor) <= progress.cursor) continue;
      hash = await this.#judge.judge(batch, this.#arrival(source, envelope), receiveEnvelope);
    }
    const moved = { ...progress, cursor: next, hash };
    batch.write({ kind: 'progress', progress: moved });
    batch.afterwards(() => this.#progress.set(source.key, moved));
    await this.#commit(batch);
    await this.#closeGaps();
  }

  #arrival({ key, address }: Source, envelope: Envelope) {
    return {
      envelope,
      relay: key,
      address,
      cursor: Number(envelope.cursor),
      receivedAtMs: Number(envelope.receivedAtMs),
      atMs: this.#config.clock.now(),
    };
  }

  async #commit(batch: IntakeBatch): Promise<void> {
    await batch.commit((changes) => this.#config.store.commit(changes));
    if (batch.visible > 0) this.#config.events.emit('received', { count: batch.visible });
  }

  /** Gives up what is missing where its time is over, or where there is no room to wait. EN-24, EN-25. */
  async #closeGaps(): Promise<void> {
    for (;;) {
      const overdue = this.#held.overdue(this.#config.clock.now());
      const held = overdue ?? this.#held.surplus;
      if (held === undefined) break;
      const batch = new IntakeBatch(this.#config.chains, this.#held);
      const address = this.#addresses.get(held.relay) ?? held.relay;
      const arrival = { ...held, envelope: Envelope.decode(held.envelope), address, atMs: held.heldAtMs };
      batch.release(held);
      if (overdue === undefined) this.#judge.reject(batch, arrival, 'session.epoch');
      else await this.#judge.judge(batch, arrival, receiveHeld);
      await this.#commit(batch);
    }
    this.#schedule();
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const deadline = this.#held.nextDeadline;
    if (deadline === undefined) {
      for (const resolve of this.#waiting.splice(0)) resolve();
      return;
    }
    const { clock, serial } = this.#config;
    this.#cancelTimer = clock.after(deadline - clock.now(), () => {
      // A store that fails here fails for the next segment too, and is reported there.
      serial.run(() => this.#closeGaps()).catch(() => {});
    });
  }
}
