import { OUTBOX_ITEMS_MAX } from '@0k-sync/generated/limits';
import { SyncError } from '../error.ts';

/** The error of a push into a full queue. LI-41. */
export function outboxFullError(): SyncError {
  return new SyncError('store', `The outbox is full: at most ${OUTBOX_ITEMS_MAX} messages wait for a relay.`, {
    hint: 'Wait until a relay has stored some of them, or drop some from the queue.',
  });
}

/** The error of a command for a message that does not wait. */
export function unknownEntryError(id: string): SyncError {
  return new SyncError('argument', `The queue has no message ${id}.`, {
    hint: 'List the queue to see the ids of its messages.',
  });
}

/** The error of a command that the state of a message does not take. CL-54, CL-55. */
export function commandRefusedError(id: string, command: 'retry' | 'drop'): SyncError {
  const why = command === 'drop' ? 'it may have been sent already' : 'no relay has refused it';
  return new SyncError('argument', `Message ${id} cannot be ${command === 'drop' ? 'dropped' : 'retried'}: ${why}.`, {
    hint:
      command === 'drop'
        ? 'Wait for the answer of the relay.'
        : 'Wait: the message is sent as soon as a relay can be reached.',
  });
}
