import { once } from 'node:events';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { ALPN, pattern, record, text } from '@0k-sync/testkit/stream';
import t from 'tap';
import { QuicConnection } from '../src/quic/connection.ts';
import { drain } from '../src/quic/drain.ts';
import { QuicTransport } from '../src/quic/index.ts';

const HOST = '127.0.0.1';
const BYTES = 20_000;
const DRAIN_MS = 10_000;

for (const action of ['close', 'reset', 'write', 'answer']) {
  t.test(`a late ${action} does not reach the connection that took the place of a gone one`, async (t) => {
    const isTaken = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL('./stale-handle-worker.ts', import.meta.url), {
      env: SHARE_ENV,
      workerData: { action, isTaken },
    });
    const exit = once(worker, 'exit');
    const [port] = await once(worker, 'message');
    const gone = once(worker, 'message');
    const transport = new QuicTransport();
    const first = await transport.connect({ host: HOST, port }, { alpn: ALPN });
    if (action !== 'close') first.openStream().write(text('x'));
    await first.close(7);
    await gone;

    const second = await transport.connect({ host: HOST, port }, { alpn: ALPN });
    const stream = second.openStream();
    const recorder = record(stream);
    stream.write(pattern(BYTES));
    if (second instanceof QuicConnection) await drain(second, DRAIN_MS);
    Atomics.store(isTaken, 0, 1);
    Atomics.notify(isTaken, 0);
    await Promise.race([recorder.received(BYTES), recorder.closedWith]);
    stream.end();
    await recorder.closedWith;
    t.same(recorder.events, ['data', 'end', 'closed 0']);
    t.ok(Buffer.compare(recorder.whole(), pattern(BYTES)) === 0, 'its own bytes and no others');
    worker.postMessage('close');
    t.match(await second.closed, { code: 0, reason: 'listener closed', remote: true });
    await exit;
  });
}
