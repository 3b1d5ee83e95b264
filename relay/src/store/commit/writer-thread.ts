import { Worker } from 'node:worker_threads';
import type { Batch, FromWriter, WriterConfig, WrittenBatch } from '../messages/messages.ts';
import type { StorageFailure } from '../port.ts';

/** Receives the answers to batches, in the order sent. */
export interface WriterListener {
  /** A batch is durable. */
  written(written: WrittenBatch): void;
  refused(failure: StorageFailure): void;
  /** The database is open, and takes nothing new yet. RL-85. */
  troubled(failure: StorageFailure): void;
}

const RESTART_MS = 1000;
/** The worker is a source in a checkout and compiled in a package, as this file is. */
const WORKER = new URL(`../writer/worker${import.meta.url.slice(-'.ts'.length)}`, import.meta.url);
/** Small, because everything that a batch allocates is garbage after it. */
const YOUNG_GENERATION_MB = 8;
const SOURCE_CONDITION = '--conditions=@0k-sync/source';

/** The event loop's view of the writer thread, which is restarted when it dies. */
export class WriterThread {
  readonly #config: WriterConfig;
  readonly #listener: WriterListener;
  #worker: Worker | undefined;
  /** Batches sent and not answered. */
  #unanswered = 0;
  #closing = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(config: WriterConfig, listener: WriterListener) {
    this.#config = config;
    this.#listener = listener;
  }

  /** Starts the thread. Resolves when the database is open, or with the failure. */
  async start(): Promise<StorageFailure | undefined> {
    const { promise, resolve } = Promise.withResolvers<StorageFailure | undefined>();
    this.#spawn(resolve);
    const failure = await promise;
    if (failure !== undefined) await this.close();
    return failure;
  }

  send(batch: Batch): void {
    this.#unanswered += 1;
    const worker = this.#worker;
    if (worker === undefined) {
      queueMicrotask(() => this.#settle({ type: 'refused', failure: GONE }));
      return;
    }
    worker.postMessage(batch, [batch.pushes.numbers.buffer, batch.pushes.bytes.buffer]);
  }

  /** Closes the database after everything sent was answered. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    worker.once('exit', () => resolve());
    worker.postMessage('close');
    await promise;
  }

  #spawn(opened: (failure: StorageFailure | undefined) => void): void {
    const worker = new Worker(WORKER, {
      workerData: this.#config,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      execArgv: process.execArgv.filter((argument) => argument === SOURCE_CONDITION),
      name: 'store-writer',
    });
    this.#worker = worker;
    worker.on('message', (message: FromWriter) => {
      if (message.type === 'opened') {
        if (message.trouble !== undefined) this.#listener.troubled(message.trouble);
        opened(undefined);
      } else if (message.type === 'unopened') opened(message.failure);
      else this.#settle(message);
    });
    worker.on('error', (error) => opened({ kind: 'defect', message: String(error) }));
    worker.on('exit', () => this.#exited());
  }

  /** Refuses everything that the dead thread had not answered, and restarts the thread. */
  #exited(): void {
    this.#worker = undefined;
    while (this.#unanswered > 0) this.#settle({ type: 'refused', failure: GONE });
    if (this.#closing) return;
    this.#restart = setTimeout(() => this.#spawn(() => {}), RESTART_MS);
  }

  #settle(message: Extract<FromWriter, { type: 'written' | 'refused' }>): void {
    this.#unanswered -= 1;
    if (message.type === 'written') this.#listener.written(message);
    else this.#listener.refused(message.failure);
  }
}

const GONE: StorageFailure = { kind: 'defect', message: 'the writer thread ended' };
