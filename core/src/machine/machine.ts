import type { Machine as MachineTable } from '@0k-sync/generated/machine';
import { stepOf } from './step-of.ts';

/** One run of a generated machine: its state, and the step that changes it. */
export class Machine<State extends string, Event extends string, Action extends string> {
  readonly #table: MachineTable<State, Event, Action>;
  #state: State;

  constructor(table: MachineTable<State, Event, Action>) {
    this.#table = table;
    this.#state = table.initial;
  }

  get state(): State {
    return this.#state;
  }

  /** True in a final state, where no event has an effect. */
  get isFinal(): boolean {
    return this.#table.finals.includes(this.#state);
  }

  /** True when the step for `event` leads to a final state. */
  endsOn(event: Event): boolean {
    const transition = stepOf(this.#table, this.#state, event);
    return transition !== undefined && this.#table.finals.includes(transition.next);
  }

  /** Takes the step for `event` and returns its actions in order; none in a final state. */
  step(event: Event): readonly Action[] {
    const transition = stepOf(this.#table, this.#state, event);
    if (transition === undefined) return [];
    this.#state = transition.next;
    return transition.actions;
  }
}
