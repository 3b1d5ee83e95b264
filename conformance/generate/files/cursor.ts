import { toNumber, type Value } from '../../src/faults/evaluate.ts';
import { Draft } from '../draft.ts';
import type { Names } from '../rows.ts';

const names: Names = {
  /** A number as JSON has those of 64 bits. */
  u64: (_, value = null) => decimal(value),
  segment: (_, after = null, removedThrough = null, cursors = null, next = null, head = null) => ({
    after: decimal(after),
    removed_through: decimal(removedThrough),
    cursors: (cursors as readonly Value[]).map(decimal),
    next: decimal(next),
    head: decimal(head),
  }),
};

export function cursorFile(): Draft {
  return new Draft('envelopes/cursor', 'cursor.merge', { names });
}

function decimal(value: Value): string {
  return String(toNumber(value));
}
