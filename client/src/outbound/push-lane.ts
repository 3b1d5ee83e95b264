import { errorNameOf } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { PAGE_BYTES_MAX, PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import { type PushAck, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import { Backoff } from '../async/backoff.ts';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { Serial } from '../async/serial.ts';
import { Wakeup } from '../async/wakeup.ts';
import type { SyncEvents } from '../events.ts';
import type { Intake } from '../inbound/intake.ts';
import { RequestRefused } from '../relay/connection.ts';
import { explain, ProtocolViolation } from '../relay/failure.ts';
import type { LiveSession } from '../relay/live-session.ts';
import type { StoredLogEntry } from '../store/types.ts';
import { type SealerConfig, sealQueued } from './sealer.ts';

export interface PushLaneConfig extends SealerConfig {
  readonly clock: Clock;
  readonly serial: Serial;
  readonly events: Emitter<SyncEvents>;
  readonly intake: Intake;
}

/** Sends what this device wrote to one relay, in the order of its chain, within one session. CL-20 to CL-26. */
export class PushLane {
  readonly #config: PushLaneConfig;
  readonly #session: LiveSession;
  readonly #wakeup = new Wakeup();
  readonly #backoff: Backoff;
  /** Highest own sequence that the relay has and has acknowledged: what may have lost its PushAck goes again. CL-23. */
  #through: number;
  #isOver = false;

  constructor(config: PushLaneConfig, session: LiveSession) {
    this.#config = config;
    this.#session = session;
    this.#backoff = new Backoff(config.random);
    this.#through = Math.min(Number(session.helloAck.ownSequence), config.outbox.firstSealed - 1);
  }

  /** There may be something new to send. */
  wake(): void {
    this.#wakeup.wake();
  }

  /** Nothing more is sent: the session is over, also where its connection still has to close. */
  end(): void {
    this.#isOver = true;
    this.#wakeup.wake();
  }

  /** Sends until the session is over. Rejects with SessionEnded, ProtocolViolation, or a SyncError of the store. */
  async run(): Promise<void> {
    const { connection } = this.#session;
    while (!this.#isOver && connection.isReady && !this.#config.intake.ownChainForked) {
      const batch = await this.#config.serial.run(() => this.#nextBatch());
      if (batch.length === 0) await this.#wakeup.wait();
      else await this.#push(batch);
    }
  }

  /** What follows on what the relay has: sealed entries, or queued ones that are sealed now. */
  async #nextBatch(): Promise<readonly StoredLogEntry[]> {
    const { store, membership, outbox } = this.#config;
    const read = () => store.ownAbove(membership.deviceKey, this.#through, PUSH_ITEMS_MAX);
    const sealed = await read();
    if (Number.isFinite(outbox.firstRefused)) return this.#bounded(sealed);
    if (sealed.length > 0 || (await sealQueued(this.#config)) === 0) return this.#bounded(sealed);
    return this.#bounded(await read());
  }

  /** As many as one Push may hold, and nothing from a refused entry on. */
  #bounded(entries: readonly StoredLogEntry[]): readonly StoredLogEntry[] {
    const { firstRefused } = this.#config.outbox;
    const { pushItemsMax, frameBytesMax } = this.#session.limits;
    const bytesMax = Math.min(PAGE_BYTES_MAX, frameBytesMax / 2);
    let bytes = 0;
    const end = entries.findIndex((entry, index) => {
      bytes += entry.envelope.length;
      return entry.sequence >= firstRefused || index >= pushItemsMax || (index > 0 && bytes > bytesMax);
    });
    return end < 0 ? entries : entries.slice(0, end);
  }

  async #push(batch: readonly StoredLogEntry[]): Promise<void> {
    const { outbox } = this.#config;
    const sequences = batch.map(({ sequence }) => sequence);
    await outbox.requeue(batch);
    outbox.move(sequences, 'send');
    let through = this.#through;
    const items = batch.map(({ envelope, sequence }) => {
      // CL-25: what stood between was sealed and dropped.
      const skip = sequence !== through + 1;
      through = sequence;
      return { envelope: Envelope.decode(envelope), skip };
    });
    try {
      const answer = await this.#session.connection.request({ $case: 'push', value: { items } });
      if (answer.$case !== 'pushAck') throw new ProtocolViolation('UNEXPECTED_FRAME');
      await this.#settle(batch, answer.value);
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      await this.#refused(batch[0], error.code, error.wire);
    } finally {
      outbox.move(sequences, 'connection-lost'); // those that were not answered: sealed again
    }
  }

  async #settle(batch: readonly StoredLogEntry[], ack: PushAck): Promise<void> {
    if (!answersPrefix(ack, batch.length)) throw new ProtocolViolation('INVALID_MESSAGE');
    const { results, durable } = ack;
    const error = results.at(-1)?.error;
    const accepted = error === undefined ? results : results.slice(0, -1);
    await this.#accepted(batch.slice(0, accepted.length), accepted, durable);
    if (error !== undefined) await this.#refused(batch[accepted.length], errorNameOf(error.code), error);
  }

  async #accepted(entries: readonly StoredLogEntry[], results: readonly PushResult[], durable: boolean): Promise<void> {
    const { outbox, events } = this.#config;
    const sequences = entries.map(({ sequence }) => sequence);
    const ids = sequences.map((sequence) => outbox.idOf(sequence));
    await outbox.acknowledge(sequences);
    this.#through = sequences.at(-1) ?? this.#through;
    if (sequences.length > 0) this.#backoff.sessionEnded(Number.POSITIVE_INFINITY);
    for (const [index, id] of ids.entries()) {
      if (id === undefined) continue;
      const { address: relay } = this.#session.source;
      const cursor = Number(results[index]?.cursor ?? 0n);
      const acknowledgement = { relay, durable, ...(cursor > 0 && { cursor }) };
      outbox.receipts.resolve(id, acknowledgement);
      events.emit('acknowledged', { id, ...acknowledgement });
    }
  }

  /** CL-24: `later` holds the queue and tries again, anything else waits for the app. */
  async #refused(entry: StoredLogEntry | undefined, error: ErrorName, wire: WireError | undefined): Promise<void> {
    const { outbox, events, intake } = this.#config;
    const { source } = this.#session;
    if (entry === undefined) return;
    if (wire?.conflict !== undefined) await intake.receiveConflict(source, wire.conflict);
    const willRetry = errors[error].retry !== 'no';
    const id = outbox.idOf(entry.sequence) ?? '';
    await outbox.refuse(entry.sequence, willRetry ? 'refused-later' : 'refused', errors[error].number);
    const failure = explain(error, source.address, wire);
    const { message, hint } = failure;
    events.emit('refused', { id, relay: source.address, code: errors[error].number, message, hint, willRetry });
    if (willRetry) await this.#pause(Number(wire?.retryAfterMs ?? 0n));
    else outbox.receipts.reject(id, failure);
  }

  /** Waits as long as the relay asked, or the usual backoff; the session's end wakes it. */
  async #pause(retryAfterMs: number): Promise<void> {
    const delay = retryAfterMs > 0 ? retryAfterMs : this.#backoff.next();
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#config.clock.after(delay, resolve);
    await Promise.race([promise, this.#session.connection.ended]);
    cancel();
  }
}

/** CL-27: whether it says, of the first item and those that follow it, that they are stored, and of the last perhaps that it is not. */
function answersPrefix({ results, durable }: PushAck, items: number): boolean {
  if (!durable || results.length === 0 || results.length > items) return false;
  return results.every(({ status, cursor, error }, index) => {
    if ((status === PushStatus.PUSH_STATUS_REFUSED) !== (error !== undefined)) return false;
    switch (status) {
      case PushStatus.PUSH_STATUS_ACCEPTED:
      case PushStatus.PUSH_STATUS_DUPLICATE:
        return cursor > 0n;
      case PushStatus.PUSH_STATUS_REMOVED:
        return true;
      case PushStatus.PUSH_STATUS_REFUSED:
        return index === results.length - 1;
      default:
        return false;
    }
  });
}
