import type { DeviceStore, Store } from '../../store/port.ts';
import { openDatabase } from './database.ts';
import { SLOT_TABLES } from './schema.ts';
import { SlotStore, Statements } from './slot-store.ts';
import type { Database } from './sqlite.ts';
import { storeError } from './writer.ts';

/**
 * Keeps a device's data in one SQLite file of mode 0600, which is locked for this process. Every resolved commit survives
 * a kill and a power cut: write-ahead log, full sync. GR-12, GR-13.
 */
export class SqliteDeviceStore implements DeviceStore {
  readonly #database: Database;
  readonly #statements: Statements;
  readonly #stores = new Map<number, SlotStore>();

  /** @throws SyncError kind `store` when the file is in use, damaged, readable by others, or of a newer version. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.#statements = new Statements(this.#database);
  }

  async slots(): Promise<readonly number[]> {
    return this.#numbers();
  }

  async createSlot(): Promise<number> {
    try {
      return Number(this.#database.prepare('INSERT INTO slot DEFAULT VALUES').run().lastInsertRowid);
    } catch (cause) {
      throw storeError(cause);
    }
  }

  slot(number: number): Store {
    const known = this.#stores.get(number);
    if (known !== undefined) return known;
    if (!this.#numbers().includes(number)) throw new RangeError(`there is no slot ${number}`);
    const store = new SlotStore(this.#statements, number);
    this.#stores.set(number, store);
    return store;
  }

  async removeSlot(number: number): Promise<void> {
    this.#statements.writer.flush();
    this.#stores.delete(number);
    try {
      this.#database.transaction(() => this.#remove(number))();
    } catch (cause) {
      throw storeError(cause);
    }
  }

  async close(): Promise<void> {
    if (this.#database.open) this.#statements.writer.flush();
    this.#database.close();
  }

  #numbers(): number[] {
    return this.#database.prepare<[], number>('SELECT number FROM slot ORDER BY number').pluck().all();
  }

  #remove(number: number): void {
    const run = (sql: string) => this.#database.prepare<[number]>(sql).run(number);
    run('DELETE FROM placement WHERE source IN (SELECT id FROM source WHERE slot = ?)');
    for (const table of SLOT_TABLES) run(`DELETE FROM ${table} WHERE slot = ?`);
    run('DELETE FROM slot WHERE number = ?');
  }
}
