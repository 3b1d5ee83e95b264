import type { Machine as MachineTable, Transition } from '@0k-sync/generated/machine';

/** Looks up what `event` does in `state` of a generated machine; undefined in a final state. SE-02. */
export function stepOf<State extends string, Event extends string, Action extends string>(
  { table }: MachineTable<State, Event, Action>,
  state: State,
  event: Event,
): Transition<State, Action> | undefined {
  return table[state]?.[event];
}
