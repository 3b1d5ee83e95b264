/** A worker thread that listens once and reports how it went. */
import { parentPort } from 'node:worker_threads';
import { TransportError } from '../src/index.ts';
import { QuicTransport } from '../src/quic/index.ts';

try {
  const listener = await new QuicTransport().listen({ host: '127.0.0.1', port: 0, alpns: ['/0k-sync/2'] }, () => {});
  await listener.close();
  parentPort?.postMessage('listened');
} catch (error) {
  parentPort?.postMessage(error instanceof TransportError ? `${error.kind}: ${error.hint}` : String(error));
}
