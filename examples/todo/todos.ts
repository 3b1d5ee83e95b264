import type { AppTransaction, Message } from '@0k-sync/client/node';

/** A line of the list. `edits` counts the messages about it. */
export type Todo = { readonly id: string; readonly text: string; readonly done: number; readonly edits: number };

export const SCHEMA = `CREATE TABLE IF NOT EXISTS todo
  (id TEXT PRIMARY KEY, text TEXT NOT NULL, done INTEGER NOT NULL, stamp TEXT NOT NULL, edits INTEGER NOT NULL)`;
const APPLY = `INSERT INTO todo (id, text, done, stamp, edits) VALUES (?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE SET
  text = iif(excluded.stamp > stamp, excluded.text, text), done = iif(excluded.stamp > stamp, excluded.done, done),
  stamp = max(excluded.stamp, stamp), edits = edits + 1`;

/** The table is what the messages add up to: the later edit of a line wins, on every device the same. */
export function applyEdits(page: readonly Message[], tx: AppTransaction): void {
  for (const { content, sentAtMs, id } of page) {
    const todo: Todo = JSON.parse(String(content));
    tx.run(APPLY, todo.id, todo.text, todo.done, `${String(sentAtMs).padStart(15, '0')} ${id}`);
  }
}
