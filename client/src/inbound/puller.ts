import { accountsForEveryCursor, envelopeCost } from '@0k-sync/core/session';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { callApp } from '../async/call-app.ts';
import { Serial } from '../async/serial.ts';
import type { Membership } from '../group/membership.ts';
import type { ReadOptions } from '../progress.ts';
import { ProtocolViolation, RequestRefused } from '../relay/errors.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { Store } from '../store/port.ts';
import type { Intake } from './intake.ts';
import { takeJoined } from './join-segments.ts';

/** The capability of a relay that removes envelopes after every device's Ack. SE-17. */
const ACK_REMOVAL = 'ack-removal';

/** Collaborators of Puller. */
export interface PullerDeps {
  readonly intake: Intake;
  readonly membership: Membership;
  readonly store: Store;
}

/** Reads one relay's log within one session. Its head is a claim, which moves no cursor. CL-02, CL-04 to CL-09, CL-05. */
export class Puller {
  readonly #deps: PullerDeps;
  readonly #session: MemberSession;
  readonly #pulls = new Serial();
  readonly #deliveries = new Serial();
  /** Deliveries that wait to be stored; the credit bounds them. */
  readonly #delivered: LogSegment[] = [];
  readonly #mayAcknowledge: boolean;
  /** Highest cursor that the subscription has delivered. */
  #position = 0;
  #isSubscribed = false;
  /** Bytes that the relay may still deliver, as far as this end knows. CL-18. */
  #credit = 0;
  /** Bytes that were delivered and stored, and not yet given back as credit. */
  #spentCredit = 0;
  /** Highest cursor that was acknowledged in this session. */
  #acknowledged = 0;

  constructor(deps: PullerDeps, session: MemberSession) {
    this.#deps = deps;
    this.#session = session;
    this.#mayAcknowledge = session.helloAck.capabilities.includes(ACK_REMOVAL);
  }

  /**
   * Pulls page after page up to the head that the first one names. Rejects with SessionEnded or ProtocolViolation, and
   * with the signal's reason between two pages. CL-04.
   */
  pull({ signal, onProgress = () => {} }: ReadOptions = {}): Promise<void> {
    return this.#pulls.run(async () => {
      const resumedFrom = this.#cursor;
      const report = (total: number) => callApp(onProgress, { done: this.#cursor, total, resumedFrom });
      const head = await this.#pullPage();
      report(head ?? this.#cursor);
      for (let more = head; more !== undefined && this.#cursor < Number(head); ) {
        signal?.throwIfAborted();
        more = await this.#pullPage();
        report(Math.max(Number(head), this.#cursor));
      }
    });
  }

  get #cursor(): number {
    return this.#deps.intake.progressAt(this.#session.relay.key).cursor;
  }

  /** Subscribes to the log; later errors go to `fail`. Does nothing when it is subscribed already. RL-44. */
  subscribe(fail: (error: unknown) => void): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    const { protocol, relay, limits } = this.#session;
    const { cursor, hash } = this.#deps.intake.progressAt(relay.key);
    this.#position = cursor;
    this.#credit = limits.creditBytesMax;
    this.#spentCredit = 0;
    const value = { after: BigInt(cursor), hashAtAfter: hash, creditBytes: limits.creditBytesMax };
    protocol
      .request({ $case: 'subscribe', value })
      .catch(async (error: unknown) => {
        this.#isSubscribed = false;
        if (!isRolledBack(error)) return fail(error);
        await this.#rollBack(cursor);
        this.subscribe(fail);
      })
      .catch(fail);
  }

  /** Stores a delivery of the subscription, with those that came meanwhile, and gives its credit back. */
  async deliver(delivered: LogSegment): Promise<void> {
    this.#takeCredit(delivered);
    this.#delivered.push(delivered);
    await this.#deliveries.run(async () => {
      const segment = takeJoined(this.#delivered);
      if (segment === undefined) return; // it was stored with the one before
      await this.#receive(segment, this.#position);
      this.#position = Number(segment.next);
      this.#giveCredit(segment.envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0));
    });
  }

  /** Fetches the member records and stores those that verify. CL-09, CL-12. */
  async listDevices(): Promise<void> {
    const { intake, membership } = this.#deps;
    const answer = await this.#session.protocol.request({ $case: 'listDevices', value: {} });
    if (answer.$case !== 'deviceList') throw new ProtocolViolation('UNEXPECTED_FRAME');
    const members = membership.verifyRecords(answer.value.records);
    if (members.length > 0) await intake.welcome(members);
  }

  /** Pulls one page. Resolves with the head that it names when the relay has more, otherwise with undefined. */
  async #pullPage(): Promise<number | undefined> {
    const before = this.#cursor;
    try {
      return await this.#readPage();
    } catch (error) {
      if (!isRolledBack(error)) throw error;
      await this.#rollBack(before);
      return await this.#pullPage();
    }
  }

  async #readPage(): Promise<number | undefined> {
    const { protocol, relay, limits } = this.#session;
    const { cursor, hash } = this.#deps.intake.progressAt(relay.key);
    const value = { after: BigInt(cursor), hashAtAfter: hash, bytesMax: limits.pageBytesMax };
    const answer = await protocol.request({ $case: 'pull', value });
    if (answer.$case !== 'page' || answer.value.segment === undefined) throw new ProtocolViolation('UNEXPECTED_FRAME');
    const { segment, hasMore } = answer.value;
    if (hasMore && segment.next === segment.after) throw new ProtocolViolation('CURSOR_GAP');
    await this.#receive(segment, cursor);
    return hasMore ? Number(segment.head) : undefined;
  }

  /**
   * Checks the segment (CL-02), fetches missing member records (CL-09), stores (CL-03), and only then acknowledges
   * (CL-07).
   */
  async #receive(segment: LogSegment, after: number): Promise<void> {
    const { intake } = this.#deps;
    const { protocol, relay } = this.#session;
    if (!accountsForEveryCursor(segment, BigInt(after))) throw new ProtocolViolation('CURSOR_GAP');
    if (intake.hasStranger(segment)) await this.listDevices();
    await intake.receive(relay, segment);
    const cursor = intake.acknowledgeableAt(relay.key);
    if (!this.#mayAcknowledge || cursor <= this.#acknowledged) return;
    this.#acknowledged = cursor;
    protocol.send({ $case: 'ack', value: { cursor: BigInt(cursor) } });
  }

  /** Begins again, once. CL-06, CL-16. */
  async #rollBack(cursor: number): Promise<void> {
    const { intake } = this.#deps;
    const { relay } = this.#session;
    if (this.#cursor < cursor) return; // another request has begun again already
    // A client that has read nothing there can lose nothing.
    if (cursor === 0 || !intake.mayRollBack(relay.key)) throw new ProtocolViolation('CURSOR_GAP');
    await intake.rollBack(relay);
    this.#acknowledged = 0;
  }

  /** Counts what was delivered against the credit; each envelope needs some when it begins. CL-18, RL-45. */
  #takeCredit({ envelopes }: LogSegment): void {
    for (const envelope of envelopes) {
      if (this.#credit <= 0) throw new ProtocolViolation('RESOURCES_EXCEEDED');
      this.#credit -= envelopeCost(envelope);
    }
  }

  /** Gives credit back once a quarter of it is spent, so that small messages do not cost a frame each. RL-45. */
  #giveCredit(bytes: number): void {
    this.#spentCredit += bytes;
    if (this.#spentCredit < this.#session.limits.creditBytesMax / 4) return;
    this.#session.protocol.send({ $case: 'credit', value: { bytes: this.#spentCredit } });
    this.#credit = Math.min(this.#credit + this.#spentCredit, this.#session.limits.creditBytesMax);
    this.#spentCredit = 0;
  }
}

function isRolledBack(error: unknown): boolean {
  return error instanceof RequestRefused && error.errorName === 'ROLLED_BACK';
}
