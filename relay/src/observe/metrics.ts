import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { StorageFailure } from '../store/port.ts';
import type { RelayObserver, StorageAccess } from './observer.ts';

const LATENCY_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
/** The event loop's delay is sampled this often and includes this pause; 1 ms took 4 % of a processor. */
const LOOP_SAMPLE_MS = 10;
const BATCH_ITEMS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Counts events as they happen, so that a scrape reads numbers and never a table. RL-64, RL-65. */
export class Metrics implements RelayObserver {
  readonly registry = new Registry();
  readonly #registers = [this.registry];
  readonly #connections = new Gauge({
    name: 'zerok_connections',
    help: 'Open connections',
    registers: this.#registers,
  });
  readonly #sessions = new Gauge({ name: 'zerok_sessions', help: 'Sessions of members', registers: this.#registers });
  readonly #stored = new Counter({
    name: 'zerok_envelopes_stored_total',
    help: 'Envelopes stored by answered pushes',
    registers: this.#registers,
  });
  readonly #delivered = new Counter({
    name: 'zerok_envelopes_delivered_total',
    help: 'Envelopes sent to members',
    registers: this.#registers,
  });
  readonly #refusals = new Counter({
    name: 'zerok_refusals_total',
    help: 'Refused requests, sessions and connections, by number of the error table',
    labelNames: ['number'],
    registers: this.#registers,
  });
  readonly #storageFailures = new Counter({
    name: 'zerok_storage_failures_total',
    help: 'Transactions and reads that storage refused',
    labelNames: ['kind', 'access'],
    registers: this.#registers,
  });
  readonly #ackSeconds = new Histogram({
    name: 'zerok_ack_seconds',
    help: 'Time from a Push to its durable PushAck',
    buckets: LATENCY_SECONDS,
    registers: this.#registers,
  });
  readonly #commitSeconds = new Histogram({
    name: 'zerok_commit_seconds',
    help: 'Time of a transaction of the writer',
    buckets: LATENCY_SECONDS,
    registers: this.#registers,
  });
  readonly #batchItems = new Histogram({
    name: 'zerok_commit_batch_items',
    help: 'Operations that shared a transaction',
    buckets: BATCH_ITEMS,
    registers: this.#registers,
  });

  /** Adds metrics of the process and the event loop. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LOOP_SAMPLE_MS });
  }

  connected(): void {
    this.#connections.inc();
  }

  turnedAway(error: ErrorName): void {
    this.#refusals.inc({ number: errors[error].number });
  }

  disconnected(error: ErrorName | undefined): void {
    this.#connections.dec();
    if (error !== undefined) this.#refusals.inc({ number: errors[error].number });
  }

  sessionOpened(): void {
    this.#sessions.inc();
  }

  sessionClosed(): void {
    this.#sessions.dec();
  }

  acknowledged(milliseconds: number, items: number): void {
    this.#ackSeconds.observe(milliseconds / 1000);
    this.#stored.inc(items);
  }

  delivered(items: number): void {
    this.#delivered.inc(items);
  }

  refused(error: ErrorName): void {
    this.#refusals.inc({ number: errors[error].number });
  }

  committed(items: number, milliseconds: number): void {
    this.#batchItems.observe(items);
    this.#commitSeconds.observe(milliseconds / 1000);
  }

  storageFailed({ kind }: StorageFailure, access: StorageAccess): void {
    this.#storageFailures.inc({ kind, access });
  }

  storageRecovered(): void {}
}
