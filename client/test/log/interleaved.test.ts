import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { SqliteStore } from '../../src/node/sqlite/sqlite-store.ts';
import type { Change } from '../../src/store/port.ts';
import { LogFile } from '../support/log-file.ts';

/** One event in the life of an app: each step runs to its end before the next. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('push' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('process' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('throw' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash in the handler' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash behind the target' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A device that lives through the steps. Its app writes down each message that it gets. */
class Life {
  readonly #folder = mkdtempSync(join(tmpdir(), '0k-sync-log-'));
  #file = this.#open();
  #stored = 0;
  #sequence = 0;
  /** The process is killed when the store's copy of a cursor is written. */
  #diesAtCopy = false;

  async begin(): Promise<void> {
    await this.#file.tables.run('CREATE TABLE seen (position INTEGER)');
  }

  async take(one: Step): Promise<void> {
    switch (one.kind) {
      case 'push':
        for (let number = 0; number < one.count; number += 1) this.#stored = await this.#file.push('own');
        return;
      case 'accept':
        for (let number = 0; number < one.count; number += 1) {
          this.#sequence += 1;
          this.#stored = await this.#file.accept(this.#sequence, 'of others');
        }
        return;
      case 'process':
        return await this.#process();
      case 'throw':
        return await this.#process(() => Promise.reject(new Error('the handler throws'))).catch(() => {});
      case 'crash in the handler':
        return await this.#crash(() => this.#process(() => this.#file.close()));
      case 'crash behind the target':
        this.#diesAtCopy = true;
        return await this.#crash(() => this.#process());
      case 'crash':
        return await this.#crash(async () => {});
      case 'prune':
        await this.#file.log.prune();
        return;
    }
  }

  /** The positions that the app has written down after it has processed the rest, and those that were stored. */
  async end(): Promise<{ readonly seen: readonly number[]; readonly stored: number }> {
    await this.#process();
    const rows = await this.#file.tables.all<{ position: number }>('SELECT position FROM seen ORDER BY rowid');
    await this.#file.close();
    return { seen: rows.map(({ position }) => position), stored: this.#stored };
  }

  #open(): LogFile {
    return new LogFile(this.#folder, (store) => this.#mortal(store));
  }

  async #process(then: () => Promise<void> = async () => {}): Promise<void> {
    await this.#file.log.process(
      'index',
      async (page, tx) => {
        for (const { position } of page) tx.run('INSERT INTO seen VALUES (?)', position);
        await then();
      },
      { live: false },
    );
  }

  async #crash(work: () => Promise<void>): Promise<void> {
    await work().catch(() => {});
    await this.#file.close();
    this.#diesAtCopy = false;
    this.#file = this.#open();
  }

  #mortal(store: SqliteStore): SqliteStore {
    const commit = store.commit.bind(store);
    store.commit = async (changes: readonly Change[]) => {
      if (this.#diesAtCopy && changes.some(({ kind }) => kind === 'cursor')) throw new Error('killed');
      return await commit(changes);
    };
    return store;
  }
}

t.test(
  'whatever is pushed, accepted, thrown and killed between, each message is processed once and none is skipped',
  async (test) => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const life = new Life();
      await life.begin();
      for (const one of steps) await life.take(one);
      const { seen, stored } = await life.end();
      return seen.length === stored && seen.every((position, index) => position === index + 1);
    });
    await fc.assert(property, { numRuns: 40 });
    test.pass('forty lives');
  },
);
