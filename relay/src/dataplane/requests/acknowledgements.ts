import type { Refused } from '../../store/port.ts';
import type { MemberDeps } from './member-deps.ts';

/** A member's Acks: one is on its way to the store, and the highest one after it waits. RL-48. */
export class Acknowledgements {
  readonly #deps: MemberDeps;
  /** The highest cursor delivered to this session. */
  readonly #delivered: () => number;
  #isSubmitted = false;
  #next = 0;

  constructor(deps: MemberDeps, delivered: () => number) {
    this.#deps = deps;
    this.#delivered = delivered;
  }

  /** @param cursor the member has stored every envelope up to it */
  receive(cursor: number): void {
    this.#next = Math.max(this.#next, cursor);
    if (this.#isSubmitted || this.#next === 0) return;
    const acknowledged = this.#next;
    this.#next = 0;
    this.#isSubmitted = true;
    const { device } = this.#deps;
    this.#deps.submit({ kind: 'acknowledge', device, cursor: acknowledged, delivered: this.#delivered() });
  }

  /** Ends the Ack that the store has taken or refused, and submits the one that waits. */
  settle(outcome: Refused | undefined): void {
    this.#isSubmitted = false;
    if (outcome !== undefined) this.#deps.refuse(0, { error: outcome.refused });
    this.receive(0);
  }

  /** Gives the Ack up because storage failed; the next one tries again. RL-66. */
  fail(): void {
    this.#isSubmitted = false;
  }
}
