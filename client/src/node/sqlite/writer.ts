import { SyncError } from '../../error.ts';
import type { Change } from '../../store/port.ts';
import type { Database } from './sqlite.ts';
import { prepareWrites, type Writes } from './writes.ts';

/** A commit that waits for its transaction. */
interface Pending extends PromiseWithResolvers<readonly number[]> {
  readonly slot: number;
  readonly changes: readonly Change[];
}

/**
 * Makes all commits of one turn of the event loop one transaction, whichever slots they are about. The event loop turns
 * before each transaction, so that commits one after the other starve nothing else.
 */
export class Writer {
  readonly #writes: Writes;
  readonly #all: (pending: readonly Pending[]) => readonly (readonly number[])[];
  #pending: Pending[] = [];
  #cancel: (() => void) | undefined;

  constructor(database: Database) {
    this.#writes = prepareWrites(database);
    const { write, finish } = this.#writes;
    this.#all = database.transaction((pending: readonly Pending[]) => {
      const positions = pending.map(({ slot, changes }) => {
        return changes.map((change) => write(slot, change)).filter((position) => position > 0);
      });
      finish();
      return positions;
    });
  }

  /** Resolves with the positions that were given. @throws SyncError kind `store`; then nothing was changed. */
  commit(slot: number, changes: readonly Change[]): Promise<readonly number[]> {
    const pending = { slot, changes, ...Promise.withResolvers<readonly number[]>() };
    this.#pending.push(pending);
    if (this.#cancel === undefined) {
      const immediate = setImmediate(() => this.flush());
      this.#cancel = () => clearImmediate(immediate);
    }
    return pending.promise;
  }

  /** Commits now what waits for the end of this turn. */
  flush(): void {
    const pending = this.#pending.splice(0);
    this.#cancel?.();
    this.#cancel = undefined;
    if (pending.length > 0) this.#commitTogether(pending);
  }

  /** One that fails may fail all: then each by itself fails only for its own reason. */
  #commitTogether(pending: readonly Pending[]): void {
    try {
      const positions = this.#all(pending);
      for (const [index, { resolve }] of pending.entries()) resolve(positions[index] ?? []);
    } catch (cause) {
      this.#writes.forget();
      const [only] = pending;
      if (pending.length === 1) only?.reject(storeError(cause));
      else for (const each of pending) this.#commitTogether([each]);
    }
  }
}

/** The error of a write that failed. */
export function storeError(cause: unknown): SyncError {
  return new SyncError('store', `The data could not be stored: ${(cause as Error).message}.`, {
    hint: 'Check that the disk is not full, and try again; nothing was changed.',
    cause,
  });
}
