import { stepOf } from '@0k-sync/core/machine';
import {
  type OutboxEntryAction,
  type OutboxEntryEvent,
  type OutboxEntryState,
  outboxEntry,
} from '@0k-sync/generated/machines/outbox-entry';

/** A state of the outbox-entry machine that is not final. */
export type OpenState = Exclude<OutboxEntryState, 'acknowledged' | 'dropped'>;

/** One step of the outbox-entry machine: the next state and the actions to carry out. CL-40 to CL-58. */
export interface OutboxStep {
  readonly next: OutboxEntryState;
  readonly actions: readonly OutboxEntryAction[];
}

/** Looks up one step of the generated machine. */
export function stepOutboxEntry(state: OpenState, event: OutboxEntryEvent): OutboxStep {
  const step = stepOf(outboxEntry, state, event);
  if (step === undefined) throw new TypeError(`an outbox entry that is ${state} takes no ${event}`);
  return step;
}

/** True when the machine accepts a command in this state. CL-52 to CL-55. */
export function takesCommand(state: OpenState, command: 'seal' | 'send' | 'retry' | 'drop'): boolean {
  return !stepOutboxEntry(state, command).actions.includes('refuse-command');
}
