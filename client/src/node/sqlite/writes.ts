import type { Change, ChangeOf } from '../../store/port.ts';
import { logWrites } from './log-writes.ts';
import { outboxWrites } from './outbox-writes.ts';
import type { Database } from './sqlite.ts';
import { stateWrites } from './state-writes.ts';
import { waitingWrites } from './waiting-writes.ts';

/** Writes one change of a slot. Returns the position that it gave; 0 or nothing if it gave none. */
export type Write<Kind extends Change['kind']> = (slot: number, change: ChangeOf<Kind>) => number | undefined;

/** Prepares the statements of every kind of change. The returned function writes one change. */
export function prepareWrites(database: Database): (slot: number, change: Change) => number {
  const log = logWrites(database);
  const writes: { readonly [Kind in Change['kind']]: Write<Kind> } = {
    ...stateWrites(database),
    ...log,
    ...waitingWrites(database),
    ...outboxWrites(database, log.accept),
  };
  return (slot, change) => {
    const write = writes[change.kind] as Write<typeof change.kind>;
    return write(slot, change) ?? 0;
  };
}
