import { accountsForEveryCursor, envelopeCost } from '@0k-sync/core/session';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { Serial } from '../async/serial.ts';
import type { Membership } from '../group/membership.ts';
import { RequestRefused } from '../relay/connection.ts';
import { ProtocolViolation } from '../relay/failure.ts';
import type { LiveSession } from '../relay/live-session.ts';
import type { Store } from '../store/port.ts';
import type { Intake } from './intake.ts';

export interface PullerConfig {
  readonly intake: Intake;
  readonly membership: Membership;
  readonly store: Store;
}

/** Reads one relay's log within one session. CL-02, CL-04 to CL-09. */
export class Puller {
  readonly #config: PullerConfig;
  readonly #session: LiveSession;
  readonly #pulls = new Serial();
  readonly #deliveries = new Serial();
  /** Where the subscription stands. */
  #position = 0;
  #isSubscribed = false;
  /** Bytes processed and not yet given back as credit. */
  #spentCredit = 0;
  #acknowledged = 0;

  constructor(config: PullerConfig, session: LiveSession) {
    this.#config = config;
    this.#session = session;
  }

  /** Asks for page after page until the relay has no more. CL-04. Rejects with SessionEnded or ProtocolViolation. */
  pull(): Promise<void> {
    return this.#pulls.run(async () => {
      while (await this.#pullPage());
    });
  }

  /** Reads the log and goes on live; what goes wrong later goes to `failed`. Calling it again does nothing. RL-44. */
  subscribe(failed: (error: unknown) => void): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    const { connection, source, limits } = this.#session;
    const { cursor, hash } = this.#config.intake.progress(source.key);
    this.#position = cursor;
    const value = { after: BigInt(cursor), hashAtAfter: hash, creditBytes: limits.creditBytesMax };
    connection
      .request({ $case: 'subscribe', value })
      .catch(async (error: unknown) => {
        this.#isSubscribed = false;
        if (!isRolledBack(error)) return failed(error);
        await this.#rollBack(cursor);
        this.subscribe(failed);
      })
      .catch(failed);
  }

  /** Takes a delivery of the subscription. */
  deliver(segment: LogSegment): Promise<void> {
    return this.#deliveries.run(async () => {
      await this.#receive(segment, this.#position);
      this.#position = Number(segment.next);
      this.#giveCredit(segment.envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0));
    });
  }

  /** Fetches the member records and keeps those that verify. CL-09. */
  async listDevices(): Promise<void> {
    const { membership, store } = this.#config;
    const answer = await this.#session.connection.request({ $case: 'listDevices', value: {} });
    if (answer.$case !== 'deviceList') throw new ProtocolViolation('UNEXPECTED_FRAME');
    const members = membership.verify(answer.value.records);
    if (members.length === 0) return;
    await store.commit(members.map((member) => ({ kind: 'member', member }) as const));
    membership.learn(members);
  }

  /** One page; whether there is more. */
  async #pullPage(): Promise<boolean> {
    const { connection, source, limits } = this.#session;
    const { cursor, hash } = this.#config.intake.progress(source.key);
    const value = { after: BigInt(cursor), hashAtAfter: hash, bytesMax: limits.pageBytesMax };
    try {
      const answer = await connection.request({ $case: 'pull', value });
      if (answer.$case !== 'page' || answer.value.segment === undefined)
        throw new ProtocolViolation('UNEXPECTED_FRAME');
      const { segment, hasMore } = answer.value;
      if (hasMore && segment.next === segment.after) throw new ProtocolViolation('CURSOR_GAP');
      await this.#receive(segment, cursor);
      return hasMore;
    } catch (error) {
      if (!isRolledBack(error)) throw error;
      await this.#rollBack(cursor);
      return true;
    }
  }

  /** CL-02, then CL-09, then the store, then Ack (CL-07). */
  async #receive(segment: LogSegment, after: number): Promise<void> {
    const { intake } = this.#config;
    const { connection, source } = this.#session;
    if (!accountsForEveryCursor(segment, BigInt(after))) throw new ProtocolViolation('CURSOR_GAP');
    if (intake.hasStranger(segment)) await this.listDevices();
    await intake.receive(source, segment);
    const next = Number(segment.next);
    if (next <= this.#acknowledged) return;
    this.#acknowledged = next;
    connection.send({ $case: 'ack', value: { cursor: segment.next } });
  }

  async #rollBack(cursor: number): Promise<void> {
    if (cursor === 0) throw new ProtocolViolation('CURSOR_GAP'); // nothing was read, so nothing can be lost
    await this.#config.intake.rollBack(this.#session.source);
    this.#acknowledged = 0;
  }

  /** Gives credit back in larger pieces than single messages. RL-45. */
  #giveCredit(bytes: number): void {
    this.#spentCredit += bytes;
    if (this.#spentCredit < this.#session.limits.creditBytesMax / 4) return;
    this.#session.connection.send({ $case: 'credit', value: { bytes: this.#spentCredit } });
    this.#spentCredit = 0;
  }
}

function isRolledBack(error: unknown): boolean {
  return error instanceof RequestRefused && error.code === 'ROLLED_BACK';
}
