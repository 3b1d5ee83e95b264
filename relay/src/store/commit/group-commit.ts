import type { Batch, WriterConfig, WrittenBatch } from '../messages/messages.ts';
import { packedBytes, packPushes } from '../messages/push-pack.ts';
import { ResultReader } from '../messages/result-pack.ts';
import type { Command, Completion, GroupRow, Operation, OperationOwner, Push, StorageFailure } from '../port.ts';
import { BufferPool } from './buffer-pool.ts';
import { copyBytes } from './copy-bytes.ts';
import { FairQueue, type Weighed } from './fair-queue.ts';
import { WriterThread } from './writer-thread.ts';

/** The bounds of one transaction, and the clock. */
export interface CommitConfig {
  readonly batchItemsMax: number;
  readonly batchBytesMax: number;
  /** The relay's clock, milliseconds since 1970. */
  readonly clock: () => number;
  /** The retention clock, milliseconds since 1970. RL-30. */
  readonly retentionClock: () => number;
}

/** Receives what happens to transactions. */
export interface CommitListener {
  /** A push is durable; its owner is told next. */
  pushed(push: Push, results: Completion & { kind: 'push' }): void;
  /** A transaction is durable. @param items its envelopes and commands */
  committed(items: number, milliseconds: number): void;
  refused(failure: StorageFailure): void;
  /** A transaction shows that storage works again. */
  recovered(): void;
}

interface Waiting extends Weighed {
  readonly operation: Operation;
  readonly owner: OperationOwner;
}

/** The flow of operations that belong to no group. */
const NO_GROUP = 0;

const BATCHES_IN_FLIGHT_MAX = 2;
/** Bytes that are worth a second transaction behind the one under way; fewer wait for its end, and share the next. */
const SECOND_BATCH_BYTES = 256 * 1024;
/** With more bytes waiting the relay is overloaded, because they take memory. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** The assumed size of a command, bytes. */
const COMMAND_BYTES = 1024;

/**
 * Group commit: operations that come in one turn, or while transactions are under way, share the next transaction.
 * Owners are told only after the commit. RL-21. Groups take turns. RL-75. The operations of one group keep their order,
 * and so do those of none.
 */
export class GroupCommit {
  readonly #config: CommitConfig;
  readonly #listener: CommitListener;
  readonly #thread: WriterThread;
  readonly #buffers = new BufferPool();
  readonly #waiting = new FairQueue<GroupRow, Waiting>();
  readonly #inFlight: (readonly Waiting[])[] = [];
  #scheduled = false;
  #idle: (() => void) | undefined;

  constructor(config: CommitConfig, writer: WriterConfig, listener: CommitListener) {
    this.#config = config;
    this.#listener = listener;
    this.#thread = new WriterThread(writer, {
      written: (written) => {
        this.#buffers.give(written.buffer);
        this.#written(written);
      },
      refused: (failure) => this.#refused(failure),
      troubled: (failure) => this.#troubled(failure),
    });
  }

  /** The reason why the last transaction was refused, until one shows that storage works; damage stays. RL-85. */
  failure: StorageFailure | undefined;

  start(): Promise<StorageFailure | undefined> {
    return this.#thread.start();
  }

  /** The number of operations that wait or are under way. */
  get waiting(): number {
    return this.#inFlight.reduce((sum, batch) => sum + batch.length, this.#waiting.size);
  }

  submit(operation: Operation, owner: OperationOwner): void {
    const bytes = weightOf(operation);
    if (this.#waiting.bytes + bytes > WAITING_BYTES_MAX) {
      queueMicrotask(() =>
        owner.failed(operation, { kind: 'overloaded', message: 'too many bytes wait to be stored' }),
      );
      return;
    }
    this.#waiting.add(flowOf(operation), { operation, owner, items: itemsOf(operation), bytes });
    this.#schedule();
  }

  /** Resolves when everything submitted so far is settled. */
  async settle(): Promise<void> {
    if (this.waiting === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    await promise;
  }

  /** Settles everything and closes the database. Submit nothing afterwards. */
  async close(): Promise<void> {
    await this.settle();
    await this.#thread.close();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    if (!isWorthSending(this.#inFlight.length, this.#waiting.bytes)) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
      this.#schedule();
    });
  }

  #send(): void {
    const { batchItemsMax: itemsMax, batchBytesMax: bytesMax } = this.#config;
    const batch = this.#waiting.take({ itemsMax, bytesMax });
    if (batch.length === 0) return;
    const pushes: Push[] = [];
    const commands: (Command | null)[] = [];
    for (const { operation } of batch) {
      if (operation.kind !== 'push') commands.push(copyBytes(operation));
      else {
        pushes.push(operation);
        commands.push(null);
      }
    }
    const packed = packPushes(pushes, (bytes) => this.#buffers.take(bytes));
    const message: Batch = {
      nowMs: this.#config.clock(),
      retentionMs: this.#config.retentionClock(),
      commands,
      pushes: { numbers: packed.numbers, bytes: packed.bytes },
    };
    this.#inFlight.push(batch);
    this.#thread.send(message);
  }

  #written({ result: { outcomes, pushes }, milliseconds, isSound }: WrittenBatch): void {
    const batch = this.#inFlight.shift() ?? [];
    const results = new ResultReader(pushes);
    let items = 0;
    let command = 0;
    for (const { operation, owner } of batch) {
      if (operation.kind === 'push') {
        items += operation.items.length;
        const completion = { kind: 'push', operation, outcome: results.next() } as const;
        this.#listener.pushed(operation, completion);
        owner.completed(completion);
      } else {
        items += 1;
        owner.completed({ kind: operation.kind, operation, outcome: outcomes[command] } as Completion);
        command += 1;
      }
    }
    if (isSound) this.#recover();
    this.#listener.committed(items, milliseconds);
    this.#settled();
  }

  #recover(): void {
    if (this.failure === undefined || this.failure.kind === 'corrupt') return;
    this.failure = undefined;
    this.#listener.recovered();
  }

  #troubled(failure: StorageFailure): void {
    this.failure = failure;
    this.#listener.refused(failure);
  }

  #refused(failure: StorageFailure): void {
    const batch = this.#inFlight.shift() ?? [];
    this.#troubled(failure);
    for (const { operation, owner } of batch) owner.failed(operation, failure);
    this.#settled();
  }

  #settled(): void {
    this.#schedule();
    if (this.waiting > 0) return;
    this.#idle?.();
    this.#idle = undefined;
  }
}

/** True if a transaction may begin with so many under way and so many bytes that wait. */
export function isWorthSending(inFlight: number, waitingBytes: number): boolean {
  return inFlight === 0 || (inFlight < BATCHES_IN_FLIGHT_MAX && waitingBytes >= SECOND_BATCH_BYTES);
}

function flowOf(operation: Operation): GroupRow {
  return 'group' in operation ? operation.group : NO_GROUP;
}

/** A sweep fills a transaction of its own: on a full disk it alone may use the reserve. RL-82. */
function itemsOf(operation: Operation): number {
  if (operation.kind === 'sweep') return Number.POSITIVE_INFINITY;
  return operation.kind === 'push' ? operation.items.length : 1;
}

function weightOf(operation: Operation): number {
  if (operation.kind === 'mailbox-put') return operation.payload.length + COMMAND_BYTES;
  if (operation.kind !== 'push') return COMMAND_BYTES;
  let bytes = 0;
  for (const item of operation.items) bytes += packedBytes(item);
  return bytes;
}
