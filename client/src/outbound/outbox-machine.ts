import {
  type OutboxEntryAction,
  type OutboxEntryEvent,
  type OutboxEntryState,
  outboxEntry,
} from '@0k-sync/generated/machines/outbox-entry';

/** A state that something can still happen in. */
export type LiveState = Exclude<OutboxEntryState, 'acknowledged' | 'dropped'>;

/** What an event does to an outbox entry: its next state, and what has to be done. CL-40 to CL-58. */
export interface OutboxStep {
  readonly next: OutboxEntryState;
  readonly actions: readonly OutboxEntryAction[];
}

/** One step of the generated machine. */
export function stepOutboxEntry(state: LiveState, event: OutboxEntryEvent): OutboxStep {
  return outboxEntry.table[state][event];
}

/** Whether the machine takes this command in this state. */
export function takesCommand(state: LiveState, command: 'seal' | 'send' | 'retry' | 'drop'): boolean {
  return !stepOutboxEntry(state, command).actions.includes('refuse-command');
}
