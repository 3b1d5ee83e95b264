import type { Machine as MachineTable } from '@0k-sync/generated/machine';

/** One run of a generated machine: a state, and the one step that changes it. SE-02. */
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

  /** Whether the step for `event` would be the last one. */
  endsOn(event: Event): boolean {
    const transition = this.#table.table[this.#state]?.[event];
    return transition !== undefined && this.#table.finals.includes(transition.next);
  }

  /** Takes the step for `event` and returns the actions to carry out, in order; in a final state none. */
  step(event: Event): readonly Action[] {
    const transition = this.#table.table[this.#state]?.[event];
    if (transition === undefined) return [];
    this.#state = transition.next;
    return transition.actions;
  }
}
