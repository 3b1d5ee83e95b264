import type { ConnectionEnd } from '../port.ts';
import type { MemoryConnection } from './connection.ts';

/** The end that dialled, or the end that listened. */
export type Side = 'dialer' | 'listener';

const LOST: ConnectionEnd = { code: 0, reason: 'connection lost', remote: false, lost: true };

/** Handle on one connection of the network, to make it fail. */
export class MemoryLink {
  readonly #ends: Readonly<Record<Side, MemoryConnection>>;

  constructor(dialer: MemoryConnection, listener: MemoryConnection) {
    this.#ends = { dialer, listener };
  }

  /** Both ends lose the connection at once; what is under way is lost. */
  cut(): void {
    this.drop('dialer');
    this.drop('listener');
  }

  /** Half-open: this side loses the connection, the other is not told and what it writes vanishes. */
  drop(side: Side): void {
    this.silence(side);
    this.#ends[side].end(LOST);
  }

  /** What this side sends vanishes from now on; neither side is told. */
  silence(side: Side): void {
    this.#ends[side].lane.silence();
  }

  /** What this side sends stays under way, and counts in its `bufferedBytes`, until `release`. */
  hold(side: Side): void {
    this.#ends[side].lane.hold();
  }

  release(side: Side): void {
    this.#ends[side].lane.release();
  }
}
