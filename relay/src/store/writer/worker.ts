import { parentPort, workerData } from 'node:worker_threads';
import { createNodeCrypto } from '@0k-sync/core/crypto/node';
import type Database from 'better-sqlite3';
import { openForWriting } from '../database.ts';
import { classify, needsReopen } from '../failures.ts';
import type { Batch, FromWriter, ToWriter, WriterConfig } from '../messages/messages.ts';
import { BatchWriter } from './batch.ts';

/** The only thread that writes to the database. It lives as long as the relay, even while storage fails. RL-66. */
const { database: databaseConfig, quotas } = workerData as WriterConfig;
const crypto = await createNodeCrypto();
const port = parentPort;
if (port === null) throw new Error('the writer runs as a worker thread');

let database: Database.Database | undefined;
let writer: BatchWriter | undefined;

function reply(message: FromWriter): void {
  const transfer = message.type === 'written' ? [message.result.pushes.numbers.buffer, message.buffer] : [];
  port?.postMessage(message, transfer);
}

function open(): BatchWriter {
  if (writer !== undefined) return writer;
  database = openForWriting(databaseConfig);
  writer = new BatchWriter(database, quotas, crypto);
  return writer;
}

function closeDatabase(): void {
  const open = database;
  database = undefined;
  writer = undefined;
  open?.close();
}

function write(batch: Batch): void {
  const start = performance.now();
  try {
    const result = open().write(batch);
    const milliseconds = performance.now() - start;
    reply({ type: 'written', result, milliseconds, buffer: batch.pushes.bytes.buffer });
  } catch (error) {
    const failure = classify(error);
    reply({ type: 'refused', failure });
    if (needsReopen(failure)) closeDatabase();
  }
}

try {
  open();
  reply({ type: 'opened' });
} catch (error) {
  reply({ type: 'unopened', failure: classify(error) });
}

port.on('message', (message: ToWriter) => {
  if (message !== 'close') return write(message);
  closeDatabase();
  port.close();
});
