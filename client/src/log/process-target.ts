/**
 * A database that an app keeps what it makes of the messages in. `Tx` is what its transactions give the app.
 * Ready-made: `device.tables`, and `sqliteTarget` for a SQLite database of the app.
 */
export interface ProcessTarget<Tx> {
  /** Resolves with the position of a cursor; 0 for one that was never moved. */
  position(name: string): Promise<number>;
  /**
   * Runs the work, moves the cursor to `position`, and commits both together. Rejects when the work rejects, when the
   * signal aborts first, or when the cursor is there already; then nothing was changed.
   */
  transaction(name: string, position: number, work: (tx: Tx) => Promise<void>, signal?: AbortSignal): Promise<void>;
}

/** A ProcessTarget whose cursors can be put anywhere. */
export interface CursorTarget<Tx> extends ProcessTarget<Tx> {
  /** Puts a cursor at a position, also a lower one. */
  moveCursor(name: string, position: number): Promise<void>;
  removeCursor(name: string): Promise<void>;
}
