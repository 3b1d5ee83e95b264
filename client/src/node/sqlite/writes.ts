import type { Change, ChangeOf } from '../../store/port.ts';
import { Kept } from './kept.ts';
import { logWrites } from './log-writes.ts';
import { outboxWrites } from './outbox-writes.ts';
import type { Database } from './sqlite.ts';
import { stateWrites } from './state-writes.ts';
import { waitingWrites } from './waiting-writes.ts';

/** Writes one change of a slot. Returns the position that it gave; 0 or nothing if it gave none. */
export type Write<Kind extends Change['kind']> = (slot: number, change: ChangeOf<Kind>) => number | undefined;

/** The writes of one connection. */
export interface Writes {
  /** Writes one change of a slot. Returns the position that it gave; 0 if it gave none. */
  write(slot: number, change: Change): number;
  /** Writes what was kept back meanwhile. Call it at the end of each transaction. */
  finish(): void;
  /** Forgets what was learnt of the rows. Call it when a transaction was undone. */
  forget(): void;
}

/** Prepares the statements of every kind of change. */
export function prepareWrites(database: Database): Writes {
  const kept = new Kept(database);
  const log = logWrites(database, kept);
  const writes: { readonly [Kind in Change['kind']]: Write<Kind> } = {
    ...stateWrites(database),
    ...log,
    ...waitingWrites(database),
    ...outboxWrites(database, kept, log.accept),
  };
  return {
    write: (slot, change) => (writes[change.kind] as Write<typeof change.kind>)(slot, change) ?? 0,
    finish: () => kept.finish(),
    forget: () => kept.forget(),
  };
}
