import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { QuicTransport } from '@0k-sync/transport/quic';
import { quantile, rounded } from './statistics.ts';

const ALPN = '/0k-sync/2';
const MESSAGE_BYTES = 1200;
const ROUNDS = 2000;

/** Round trips of 1.2 KB on one stream to another process: what QUIC alone costs here. */
export async function measureEcho() {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['serve']);
  try {
    const [port] = (await once(child, 'message')) as [number];
    const connection = await new QuicTransport().connect({ host: '127.0.0.1', port }, { alpn: ALPN });
    const stream = connection.openStream();
    const latencies: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let received = 0;
    let sentAt = 0;
    const send = (): void => {
      sentAt = performance.now();
      stream.write(new Uint8Array(MESSAGE_BYTES));
    };
    stream.receive({
      data: (bytes) => {
        received += bytes.length;
        if (received % MESSAGE_BYTES !== 0) return;
        latencies.push(performance.now() - sentAt);
        if (latencies.length === ROUNDS) resolve();
        else send();
      },
      end: () => {},
      closed: () => {},
    });
    send();
    await promise;
    await connection.close(0);
    const p50 = quantile(latencies, 0.5);
    return { round_trip_p50_ms: rounded(p50), round_trip_p99_ms: rounded(quantile(latencies, 0.99)) };
  } finally {
    child.kill('SIGKILL');
  }
}

async function serve(): Promise<void> {
  const options = { host: '127.0.0.1', port: 0, alpns: [ALPN] };
  const listener = await new QuicTransport().listen(options, (connection) => {
    connection.onStream((stream) =>
      stream.receive({ data: (bytes) => stream.write(bytes), end: () => stream.end(), closed: () => {} }),
    );
  });
  process.send?.(listener.port);
}

if (process.argv[2] === 'serve') await serve();
