import { errorNameOf, type FrameBody } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { PUSHES_IN_FLIGHT_MAX, RETRY_AFTER_MS_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { PushAck, PushItem, PushResult } from '@0k-sync/generated/wire/frame';
import { Backoff } from '../async/backoff.ts';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { Serial } from '../async/serial.ts';
import { Wakeup } from '../async/wakeup.ts';
import type { SyncEvents } from '../events.ts';
import { envelopeOfEntry } from '../group/stored-entry.ts';
import { ProtocolViolation, RequestRefused } from '../relay/errors.ts';
import { explainError } from '../relay/explain-error.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { LogEntry, OutboxEntry, Placement } from '../store/types.ts';
import { answersPrefix } from './push-answer.ts';
import { PushBatches } from './push-batches.ts';
import type { Outgoing, SealerDeps } from './sealer.ts';

/** The part of the receiving side that pushing needs. */
export interface ForkWatch {
  /** True once this device's chain has two envelopes in one place. */
  readonly ownChainForked: boolean;
  /** Judges the stub that a relay sent with SEQUENCE_CONFLICT. */
  receiveOwnStub(relay: ProvenRelay, stub: Stub): Promise<void>;
}

/** Collaborators of PushLane. */
export interface PushLaneDeps extends SealerDeps {
  readonly clock: Clock;
  readonly serial: Serial;
  readonly events: Emitter<SyncEvents>;
  readonly intake: ForkWatch;
  readonly statusChanged: () => void;
}

/** The wait before an entry that was refused for now is sent again. */
interface Pause {
  /** The time that the relay asked for, ms. */
  readonly retryAfterMs: number;
  readonly sequence: number;
}

/** A Push that is not answered yet. */
interface Flight {
  readonly batch: readonly Outgoing[];
  /** One before it was not acknowledged whole, so that its answer says nothing. CL-72. */
  isVoid: boolean;
  /** It was acknowledged whole, and only the store does not know yet. */
  isAnswered: boolean;
}

/** Pushes this device's messages to one relay, in the order of its chain, within one session. No push moves a pull cursor. CL-20 to CL-26, RL-49. */
export class PushLane {
  readonly #deps: PushLaneDeps;
  readonly #session: MemberSession;
  readonly #batches: PushBatches;
  readonly #wakeup = new Wakeup();
  readonly #backoff: Backoff;
  /** Oldest first. CL-71. */
  readonly #flights: Flight[] = [];
  /** Resolves when every flight so far is settled. */
  #settled: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #pause: Pause | undefined;
  /**
   * Highest own sequence that the relay has acknowledged; later entries are pushed, again if their PushAck was lost.
   * CL-23.
   */
  #through = 0;
  /** Highest own sequence that was sent, and that nothing before it holds up. */
  #sent = 0;
  /** The relay has named or acknowledged an envelope of this device. */
  #hasHead = false;
  /** The entry at `#through` was refused and left the outbox: the relay lacks it. CL-62. */
  #hasPassed = false;
  #isOver = false;
  #isSending = false;

  constructor(deps: PushLaneDeps, session: MemberSession) {
    this.#deps = deps;
    this.#session = session;
    this.#batches = new PushBatches(deps, session.limits);
    this.#backoff = new Backoff(deps.random);
  }

  /** Tells that the outbox has something new. */
  wake(): void {
    this.#wakeup.wake();
  }

  /** Stops pushing because the session has ended. */
  end(): void {
    this.#isOver = true;
    this.#wakeup.wake();
  }

  /**
   * Pushes what the relay lacks above its head of this device's chain, until the session has ended. Rejects with
   * SessionEnded, ProtocolViolation, or SyncError kind `store`. CL-21.
   */
  async run(ownHead: number): Promise<void> {
    this.#through = Math.min(ownHead, this.#deps.outbox.firstSealed - 1);
    this.#sent = this.#through;
    this.#hasHead = ownHead > 0;
    const withdraw = this.#deps.outbox.offerSealing((entries) => this.#sealAtOnce(entries));
    try {
      while (this.#goesOn) {
        if (!(await this.#sendNext()) && this.#goesOn) await this.#wakeup.wait();
        if (this.#flights.length === 0 && this.#pause !== undefined) await this.#pauseFor(this.#pause);
      }
    } finally {
      withdraw();
    }
    if (this.#failure === undefined) await this.#settled;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  get #goesOn(): boolean {
    const { protocol } = this.#session;
    if (this.#isOver || this.#failure !== undefined) return false;
    return protocol.isReady && !this.#deps.intake.ownChainForked;
  }

  /** So many Pushes may be sent now. CL-71, CL-72. */
  get #free(): number {
    if (!this.#goesOn || this.#pause !== undefined || this.#flights.some(({ isVoid }) => isVoid)) return 0;
    const unanswered = this.#flights.filter(({ isAnswered }) => !isAnswered);
    return (this.#hasHead ? PUSHES_IN_FLIGHT_MAX : 1) - unanswered.length;
  }

  /** Queues entries sealed while a Push may be sent now; undefined while none may. CL-22. */
  async #sealAtOnce(entries: readonly OutboxEntry[]): Promise<readonly number[] | undefined> {
    const maySeal = () => this.#free > (this.#isSending ? 1 : 0);
    if (!maySeal()) return undefined;
    return await this.#deps.serial.run(async () => (maySeal() ? await this.#batches.add(entries) : undefined));
  }

  /** Sends the next Push if there is one and it may be sent now. Resolves with true when something was sent. */
  async #sendNext(): Promise<boolean> {
    if (this.#free <= 0) return false;
    this.#isSending = true;
    try {
      return await this.#sendBatch();
    } finally {
      this.#isSending = false;
    }
  }

  async #sendBatch(): Promise<boolean> {
    const { outbox, serial } = this.#deps;
    const before = this.#sent;
    const batch = await serial.run(() => this.#batches.next(before, this.#free));
    const items = this.#itemsOf(batch);
    const mayFollow = this.#flights.length === 0 || items[0]?.skip === false;
    if (items.length === 0 || !mayFollow) return false;
    await outbox.requeue(batch);
    await outbox.send(batch.map(({ sequence }) => sequence));
    if (this.#sent === before && this.#free > 0) this.#send(batch, items);
    else outbox.lose(batch.map(({ sequence }) => sequence)); // something before it was refused meanwhile
    return true;
  }

  #itemsOf(batch: readonly Outgoing[]): PushItem[] {
    const { crypto, membership } = this.#deps;
    let through = this.#hasPassed ? 0 : this.#sent;
    return batch.map((entry) => {
      // The entries between the two were sealed and then dropped. CL-25.
      const skip = entry.sequence !== through + 1;
      through = entry.sequence;
      return { envelope: entry.envelope ?? envelopeOfEntry(crypto, membership, entry), skip };
    });
  }

  #send(batch: readonly Outgoing[], items: PushItem[]): void {
    const flight = { batch, isVoid: false, isAnswered: false };
    const answer = this.#session.protocol.request({ $case: 'push', value: { items } });
    answer.catch(() => {}); // it is handled in its turn
    this.#flights.push(flight);
    this.#sent = batch.at(-1)?.sequence ?? this.#sent;
    this.#settled = this.#settled.then(async () => {
      try {
        await this.#settle(flight, answer);
      } catch (error) {
        this.#failure ??= { error };
      }
      this.#flights.shift();
      this.#wakeup.wake();
    });
  }

  /** Handles the answer to the oldest Push. */
  async #settle(flight: Flight, answer: Promise<FrameBody>): Promise<void> {
    const { batch } = flight;
    try {
      const body = await answer;
      if (body.$case !== 'pushAck') throw new ProtocolViolation('UNEXPECTED_FRAME');
      if (!answersPrefix(body.value, batch.length)) throw new ProtocolViolation('INVALID_MESSAGE');
      if (!flight.isVoid) await this.#settleBatch(flight, body.value);
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      if (!flight.isVoid) this.#pause = await this.#noteRefused(batch[0], error.errorName, error.remote);
    } finally {
      this.#deps.outbox.lose(batch.map(({ sequence }) => sequence)); // entries without an answer are pushed again
      const isWhole = !this.#hasPassed && this.#through === batch.at(-1)?.sequence;
      if (!flight.isVoid && !isWhole) this.#voidFlights();
    }
  }

  /** Makes the Pushes count for nothing that were sent behind one which was not acknowledged whole. CL-72. */
  #voidFlights(): void {
    for (const later of this.#flights.slice(1)) later.isVoid = true;
    this.#sent = this.#through;
  }

  async #settleBatch(flight: Flight, { results, durable }: PushAck): Promise<void> {
    const { batch } = flight;
    const error = results.at(-1)?.error;
    flight.isAnswered = error === undefined && results.length === batch.length;
    const accepted = error === undefined ? results : results.slice(0, -1);
    await this.#noteAccepted(batch.slice(0, accepted.length), accepted, durable);
    if (error !== undefined)
      this.#pause = await this.#noteRefused(batch[accepted.length], errorNameOf(error.code), error);
  }

  async #noteAccepted(entries: readonly Outgoing[], results: readonly PushResult[], durable: boolean): Promise<void> {
    const { outbox, events } = this.#deps;
    const sequences = entries.map(({ sequence }) => sequence);
    const ids = sequences.map((sequence) => outbox.idOf(sequence));
    const placements = this.#placementsOf(entries, results);
    const removed = outbox.acknowledge(sequences, placements);
    if (sequences.length > 0) this.#hasPassed = false;
    if (sequences.length > 0) this.#hasHead = true;
    this.#through = sequences.at(-1) ?? this.#through;
    if (sequences.length > 0) this.#backoff.noteSession(Number.POSITIVE_INFINITY);
    for (const [index, id] of ids.entries()) {
      if (id === undefined) continue;
      const { address } = this.#session.relay;
      const cursor = Number(results[index]?.cursor ?? 0n);
      const acknowledgement = { relay: address, durable, ...(cursor > 0 && { cursor }) };
      outbox.receipts.resolve(id, acknowledgement);
      events.emit('acknowledged', { id, ...acknowledgement });
    }
    await removed;
  }

  /** The cursors of acknowledged entries at the relay: an entry that it removes later was not lost. CL-08. */
  #placementsOf(entries: readonly Outgoing[], results: readonly PushResult[]): readonly Placement[] {
    const { key: relay } = this.#session.relay;
    return entries.flatMap(({ hash }, index) => {
      const cursor = Number(results[index]?.cursor ?? 0n);
      return cursor === 0 ? [] : [{ relay, cursor, hash, receivedAtMs: 0 }];
    });
  }

  /**
   * Handles a refusal: `later` pauses and tries again; any other waits for the app to retry or drop the message. CL-24.
   */
  async #noteRefused(
    entry: LogEntry | undefined,
    errorName: ErrorName,
    remote: WireError | undefined,
  ): Promise<Pause | undefined> {
    const { outbox, events, intake } = this.#deps;
    const { relay } = this.#session;
    if (entry === undefined) return undefined;
    if (remote?.conflict !== undefined) await intake.receiveOwnStub(relay, remote.conflict);
    const willRetry = errors[errorName].retry !== 'no';
    const id = outbox.idOf(entry.sequence) ?? '';
    const code = errors[errorName].number;
    if (await outbox.refuse(entry.sequence, willRetry ? 'refused-later' : 'refused', code)) {
      this.#through = entry.sequence;
      this.#hasPassed = true;
    }
    const error = explainError(errorName, relay.address, remote);
    const { message, hint } = error;
    events.emit('refused', { id, relay: relay.address, code, errorName, message, hint, willRetry });
    this.#deps.statusChanged();
    if (willRetry) return { retryAfterMs: Number(remote?.retryAfterMs ?? 0n), sequence: entry.sequence };
    outbox.receipts.reject(id, error);
    return undefined;
  }

  /** Waits as long as the relay asked and for the usual backoff, unless the session ends or the app drops the entry. ER-05. */
  async #pauseFor({ retryAfterMs, sequence }: Pause): Promise<void> {
    this.#pause = undefined;
    const delay = Math.min(retryAfterMs, RETRY_AFTER_MS_MAX) + this.#backoff.nextDelay();
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#deps.clock.after(delay, resolve);
    await Promise.race([promise, this.#session.protocol.ended, this.#deps.outbox.left(sequence)]);
    cancel();
  }
}
