/** The shape in which the spec's compiler emits a state machine. */
export type MachineTable = {
  readonly initial: string;
  readonly table: {
    readonly [state: string]: { readonly [event: string]: Transition };
  };
};

export type Transition = { readonly next: string; readonly actions: readonly string[]; readonly id: string };

type Row<T extends MachineTable> = T['table'][keyof T['table']];
export type StateOf<T extends MachineTable> = (Row<T>[keyof Row<T>] & Transition)['next'] | T['initial'];
export type EventOf<T extends MachineTable> = keyof Row<T> & string;
export type ActionOf<T extends MachineTable> = (Row<T>[keyof Row<T>] & Transition)['actions'][number];

/** One run of a generated machine: a state, and the one step that changes it. SE-02. */
export class Machine<T extends MachineTable> {
  readonly #table: T;
  #state: string;

  constructor(table: T) {
    this.#table = table;
    this.#state = table.initial;
  }

  get state(): StateOf<T> {
    return this.#state as StateOf<T>;
  }

  /** True once no event has an effect any more. */
  get isFinal(): boolean {
    return this.#table.table[this.#state] === undefined;
  }

  /** Takes the step for `event` and returns the actions to carry out, in order; in a final state none. */
  step(event: EventOf<T>): readonly ActionOf<T>[] {
    const transition = this.#table.table[this.#state]?.[event];
    if (transition === undefined) return [];
    this.#state = transition.next;
    return transition.actions as readonly ActionOf<T>[];
  }
}
