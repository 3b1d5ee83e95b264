import type { Address, ConnectionEnd } from '../port.ts';
import type { MemoryConnection } from './connection.ts';

/** The end that dialled, or the end that listened. */
export type Side = 'dialer' | 'listener';

const LOST: ConnectionEnd = { code: 0, reason: 'connection lost', remote: false, lost: true };

/** A handle on one connection of the network, which makes the connection fail. */
export class MemoryLink {
  /** The end that dialled: the name of its host, and a port of its own. */
  readonly from: Address;
  readonly #ends: Readonly<Record<Side, MemoryConnection>>;

  constructor(from: Address, dialer: MemoryConnection, listener: MemoryConnection) {
    this.from = from;
    this.#ends = { dialer, listener };
  }

  /** Makes both ends lose the connection, with everything under way. */
  cut(): void {
    this.drop('dialer');
    this.drop('listener');
  }

  /** Makes one side lose the connection. The other side is not told, and what it writes vanishes. */
  drop(side: Side): void {
    this.silence(side);
    this.#ends[side].end(LOST);
  }

  /** Makes everything that this side sends vanish; neither side is told. */
  silence(side: Side): void {
    this.#ends[side].lane.silence();
  }

  /** Keeps what this side sends under way, counted in its `bufferedBytes`, until `release`. */
  hold(side: Side): void {
    this.#ends[side].lane.hold();
  }

  release(side: Side): void {
    this.#ends[side].lane.release();
  }
}
