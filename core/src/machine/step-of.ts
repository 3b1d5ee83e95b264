import type { Machine as MachineTable, Transition } from '@0k-sync/generated/machine';

/** The one step of a generated machine: what `event` does in `state`. Undefined in a final state, where nothing happens. SE-02. */
export function stepOf<State extends string, Event extends string, Action extends string>(
  { table }: MachineTable<State, Event, Action>,
  state: State,
  event: Event,
): Transition<State, Action> | undefined {
  return table[state]?.[event];
}
