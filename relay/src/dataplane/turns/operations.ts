import type { Admission, Payer } from '../limits/admission.ts';
import type { RelayClock } from '../shared/deps.ts';

/** The operations of one connection: those of its turn, and those that its rates have to pay. RL-74. */
export class Operations {
  readonly #admission: Admission;
  readonly #clock: RelayClock;
  readonly #payer: () => Payer;
  #done = 0;
  #unpaid = 0;
  #cancelWait: (() => void) | undefined;

  /** @param payer those whose rates pay, which change when a stranger becomes a member */
  constructor({ admission, clock }: { admission: Admission; clock: RelayClock }, payer: () => Payer) {
    this.#admission = admission;
    this.#clock = clock;
    this.#payer = payer;
  }

  /** The operations since the turn began. */
  get done(): number {
    return this.#done;
  }

  /** True while a rate owes operations, after `waitIfOwing`. */
  get isWaiting(): boolean {
    return this.#cancelWait !== undefined;
  }

  beginTurn(): void {
    this.#done = 0;
  }

  /** Counts operations that are done whatever the rates say. */
  spend(operations: number): void {
    this.#done += operations;
    this.#unpaid += operations;
  }

  /** Takes a request's operations from the rates. @returns false when one is used up. RL-62. */
  mayDo(operations: number): boolean {
    this.#done += operations;
    return this.#admission.mayOperate(this.#payer(), operations, this.#clock.monotonic());
  }

  /** Takes what was spent from the rates. */
  pay(): void {
    if (this.#unpaid > 0) this.#admission.spend(this.#payer(), this.#unpaid, this.#clock.monotonic());
    this.#unpaid = 0;
  }

  /** Calls back when no rate owes anything any more. @returns false when none does */
  waitIfOwing(paid: () => void): boolean {
    const owedMs = this.#admission.owedMs(this.#payer(), this.#clock.monotonic());
    if (owedMs === 0) return false;
    this.#cancelWait = this.#clock.after(Math.ceil(owedMs), () => {
      this.#cancelWait = undefined;
      paid();
    });
    return true;
  }

  close(): void {
    this.#cancelWait?.();
  }
}
