import { OperatorFailure } from '../operator/failure.ts';
import { type CommitConfig, type CommitListener, GroupCommit } from './commit/group-commit.ts';
import { RETENTION_CLOCK } from './facts.ts';
import { hintFor } from './failures.ts';
import type { WriterConfig } from './messages/messages.ts';

export type { CommitListener };

import { migrateDatabase } from './migrate.ts';
import type {
  ClaimQuery,
  Completion,
  DeviceQuery,
  DeviceRecords,
  GroupRow,
  OpenedSession,
  Operation,
  OperationOwner,
  OutcomeOf,
  PlaceQuery,
  StorageFailure,
  Store,
  Stretch,
  StretchQuery,
} from './port.ts';
import { StorageError } from './port.ts';
import { Reader } from './reader.ts';
import { RetentionClock, type RetentionClockConfig } from './retention-clock.ts';

/** The settings of the store. */
export interface StoreConfig {
  readonly writer: WriterConfig;
  readonly commit: Omit<CommitConfig, 'retentionClock'>;
  readonly retentionClock: Omit<RetentionClockConfig, 'wall'>;
}

/** Receives what happens to transactions and reads. */
export interface StoreListener extends CommitListener {
  readFailed(failure: StorageFailure): void;
}

/** The store on SQLite: one thread that writes, one connection that reads. */
export class SqliteStore implements Store {
  readonly #commit: GroupCommit;
  readonly #reader: Reader;
  /** Gives envelopes their time, and says how old they are. RL-30, RL-52. */
  readonly retentionClock: RetentionClock;

  private constructor(commit: GroupCommit, reader: Reader, retentionClock: RetentionClock) {
    this.#commit = commit;
    this.#reader = reader;
    this.retentionClock = retentionClock;
  }

  /** Creates, migrates and opens the database. Rejects with OperatorFailure. */
  static async open(config: StoreConfig, listener: StoreListener): Promise<SqliteStore> {
    const { directory } = config.writer.database;
    const retentionClock = new RetentionClock({ ...config.retentionClock, wall: config.commit.clock });
    const commitConfig = { ...config.commit, retentionClock: () => retentionClock.read() };
    const commit = new GroupCommit(commitConfig, config.writer, listener);
    const failure = migrateDatabase(config.writer.database) ?? (await commit.start());
    if (failure !== undefined) {
      throw new OperatorFailure(
        `the database in ${directory} cannot be opened: ${failure.message}`,
        hintFor(failure.kind),
      );
    }
    const reader = new Reader(config.writer.database, (failure) => listener.readFailed(failure));
    retentionClock.resume(reader.metadata(RETENTION_CLOCK));
    return new SqliteStore(commit, reader, retentionClock);
  }

  /** The reason why storage refuses now; known without the disk. RL-85. */
  get failure(): StorageFailure | undefined {
    return this.#commit.failure ?? this.#reader.failure;
  }

  get waiting(): number {
    return this.#commit.waiting;
  }

  submit(operation: Operation, owner: OperationOwner): void {
    this.#commit.submit(operation, owner);
  }

  perform<O extends Operation>(operation: O): Promise<OutcomeOf<O>> {
    const { promise, resolve, reject } = Promise.withResolvers<OutcomeOf<O>>();
    this.submit(operation, {
      completed: ({ outcome }: Completion) => resolve(outcome as OutcomeOf<O>),
      failed: (_: Operation, failure: StorageFailure) => reject(new StorageError(failure)),
    });
    return promise;
  }

  continues(place: PlaceQuery): boolean {
    return this.#reader.continues(place);
  }

  readStretch(query: StretchQuery): Stretch {
    return this.#reader.readStretch(query);
  }

  listDevices(group: GroupRow): DeviceRecords {
    return this.#reader.listDevices(group);
  }

  findDevice(device: DeviceQuery): OpenedSession | undefined {
    return this.#reader.findDevice(device);
  }

  answersClaim(claim: ClaimQuery): boolean {
    return this.#reader.answersClaim(claim);
  }

  /** Settles and closes. The writer closes last, so that it empties the write-ahead log. */
  async close(): Promise<void> {
    await this.#commit.settle();
    this.#reader.close();
    await this.#commit.close();
  }
}
