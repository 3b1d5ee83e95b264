/**
 * A listener whose thread does not come back to its event loop until its first connection is gone and the next one has
 * its place in the native side's table; then it does to the first one what `workerData.action` says.
 */
import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { ALPN, echo, text } from '@0k-sync/testkit/stream';
import type { ByteStream, Connection } from '../src/index.ts';
import { QuicConnection } from '../src/quic/connection.ts';
import { QuicTransport } from '../src/quic/index.ts';

const { action, isTaken } = workerData as { action: 'close' | 'reset' | 'write' | 'answer'; isTaken: Int32Array };

function untilTaken(connection: Connection): void {
  assert(connection instanceof QuicConnection);
  // This asks the native side, which delivers no event meanwhile.
  while (connection.metrics() !== null);
  parentPort?.postMessage('gone');
  Atomics.wait(isTaken, 0, 0);
}

function serveFirst(connection: Connection): void {
  connection.onStream((stream) => stream.receive({ data: () => lateWord(connection, stream), end() {}, closed() {} }));
  if (action === 'close' || action === 'answer') untilTaken(connection);
  if (action === 'close') connection.close(1234, 'for the first');
}

function lateWord(connection: Connection, stream: ByteStream): void {
  // An answer comes from events that waited for this thread; later events wait behind it.
  if (action !== 'answer') untilTaken(connection);
  if (action === 'reset') stream.reset(1234);
  else stream.write(text('for the first'));
}

let connections = 0;
const listener = await new QuicTransport().listen({ host: '127.0.0.1', port: 0, alpns: [ALPN] }, (connection) => {
  connections += 1;
  if (connections === 1) serveFirst(connection);
  else connection.onStream(echo);
});
parentPort?.once('message', () => listener.close());
parentPort?.postMessage(listener.port);
