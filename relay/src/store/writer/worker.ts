import { parentPort, workerData } from 'node:worker_threads';
import { createNodeCrypto } from '@0k-sync/core/crypto/node';
import { collectWhenCalm } from '../../memory/calm-collector.ts';
import { classify } from '../failures.ts';
import type { Batch, FromWriter, ToWriter, WriterConfig, WrittenBatch } from '../messages/messages.ts';
import { StorageError } from '../port.ts';
import { CarefulWriter } from './careful-writer.ts';

/** The only thread that writes to the database. It lives as long as the relay, even while storage fails. RL-66. */
const writer = new CarefulWriter(workerData as WriterConfig, await createNodeCrypto(), () => performance.now());
const port = parentPort;
if (port === null) throw new Error('the writer runs as a worker thread');

function reply(message: FromWriter): void {
  port?.postMessage(message, message.type === 'written' ? buffersOf(message) : []);
}

/** These move to the event loop without a copy. */
function buffersOf({ result: { pushes }, buffer }: WrittenBatch): ArrayBuffer[] {
  return [pushes.numbers.buffer, pushes.bytes.buffer, buffer];
}

function write(batch: Batch): void {
  const start = performance.now();
  try {
    const { result, isSound } = writer.write(batch);
    const milliseconds = performance.now() - start;
    reply({ type: 'written', result, isSound, milliseconds, buffer: batch.pushes.bytes.buffer });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    reply({ type: 'refused', failure: error.failure });
  }
}

try {
  reply({ type: 'opened', trouble: writer.start() });
} catch (error) {
  reply({ type: 'unopened', failure: classify(error) });
}

collectWhenCalm();
port.on('message', (message: ToWriter) => {
  if (message !== 'close') return write(message);
  writer.close();
  port.close();
});
