import { FrameWriter } from '@0k-sync/core/wire';
import type { Device } from '../author/index.ts';
import { Ended, type RawClient } from '../raw/index.ts';
import type { Dice } from './dice.ts';
import { chooseBody, spoil } from './frame-choices.ts';

/** Frames after which an attacker hangs up by itself, so that its own memory stays small. */
const FRAMES_MAX = 300;
/** One frame in so many is spoilt, which mostly ends the connection; one in so many is bytes that are no record. */
const SPOILT_ONE_IN = 40;
const RAW_ONE_IN = 400;
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

/** Connects a peer, after its handshake. Rejects if it is refused. */
export type Connect = () => Promise<RawClient>;

/** One peer that says what its dice tell it, and comes back when it was thrown out. */
export class Attacker {
  readonly #dice: Dice;
  readonly #device: Device;
  readonly #connect: Connect;
  #client: RawClient | undefined;
  #isMember = false;
  #sent = 0;
  /** Connections that the relay ended, by the number of the close. */
  readonly closes = new Map<number, number>();

  constructor(dice: Dice, device: Device, connect: Connect) {
    this.#dice = dice;
    this.#device = device;
    this.#connect = connect;
  }

  /** Sends one frame, or what is left of one. */
  async step(): Promise<void> {
    const client = this.#client ?? (await this.#enter());
    if (client === undefined) return;
    this.#sent += 1;
    if (this.#dice.oneIn(RAW_ONE_IN)) client.sendRaw(this.#dice.bytes(1 + this.#dice.below(100)));
    else client.sendPlaintext(this.#frame(client));
    if (this.#sent >= FRAMES_MAX || client.stream.bufferedBytes > UNSENT_BYTES_MAX) await this.leave();
  }

  /** Hangs up. */
  async leave(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close(this.#dice.pick([0, 0, 1000, 2008]));
  }

  #frame(client: RawClient): Uint8Array {
    const writer = new FrameWriter();
    const body = chooseBody(this.#dice, this.#device, this.#isMember);
    const hasAnswer = body.$case !== 'credit' && body.$case !== 'ack' && body.$case !== 'bye';
    const requestId = this.#dice.oneIn(50) ? this.#dice.below(4) : hasAnswer ? client.takeRequestId() : 0;
    writer.write({ requestId, body });
    const bytes = writer.take() ?? new Uint8Array(0);
    return this.#dice.oneIn(SPOILT_ONE_IN) ? spoil(this.#dice, bytes) : bytes;
  }

  /** Connects and mostly says Hello; undefined if the relay lets it in no further now. */
  async #enter(): Promise<RawClient | undefined> {
    const client = await this.#connect().catch(() => undefined);
    if (client === undefined) return undefined;
    this.#sent = 0;
    this.#isMember = !this.#dice.oneIn(6);
    try {
      if (this.#isMember) await client.hello(this.#device);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof Ended) this.#count(error.code);
      await client.close();
      return undefined;
    }
    client.listen(() => {});
    void client.ended.then(({ code }) => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#count(code);
    });
    this.#client = client;
    return client;
  }

  #count(code: number): void {
    this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
  }
}
