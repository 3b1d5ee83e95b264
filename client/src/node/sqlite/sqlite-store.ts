import type { Store } from '../../store/port.ts';
import { openDatabase } from './database.ts';
import { SlotStore, Statements } from './slot-store.ts';

/**
 * Keeps the data of one group in one SQLite file of mode 0600, which is locked for this process: the first slot of a
 * SqliteDeviceStore. Every resolved commit survives a kill and a power cut: write-ahead log, full sync. GR-12, GR-13.
 */
export class SqliteStore extends SlotStore implements Store {
  readonly #release: () => void;

  /** @throws SyncError kind `store` when the file is in use, damaged, readable by others, or of a newer version. */
  constructor(path: string) {
    const database = openDatabase(path);
    const statements = new Statements(database);
    const first = database.prepare<[], number>('SELECT min(number) FROM slot').pluck().get() ?? undefined;
    super(statements, first ?? Number(database.prepare('INSERT INTO slot DEFAULT VALUES').run().lastInsertRowid));
    this.#release = () => {
      if (database.open) statements.writer.flush();
      database.close();
    };
  }

  override async close(): Promise<void> {
    this.#release();
  }
}
