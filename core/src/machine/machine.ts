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

  /** True once no event has an effect any more. */
  get isFinal(): boolean {
    return this.#table.finals.includes(this.#state);
  }

  /** Says whether the step for `event` would be the last one. */
  endsOn(event: Event): boolean {
    const transition = stepOf(this.#table, this.#state, event);
    return transition !== undefined && this.#table.finals.includes(transition.next);
  }

  /** Takes the step for `event` and returns the actions to carry out, in order; in a final state none. */
  step(event: Event): readonly Action[] {
    const transition = stepOf(this.#table, this.#state, event);
    if (transition === undefined) return [];
    this.#state = transition.next;
    return transition.actions;
  }
}
