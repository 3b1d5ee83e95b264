import type { Test } from 'tap';
import type { Connection, TransportError } from '../../src/index.ts';
import { ALPN, type Ends, echo, pattern, record, text } from '../recorder.ts';

const CONNECTIONS = 50;

export interface SuiteOptions {
  /** What connecting to a port without a listener gives. */
  readonly nobodyThere: TransportError['kind'];
}

/** Connecting and listening. */
export function connectSuite(t: Test, makeEnds: () => Ends, options: SuiteOptions): void {
  t.test('connecting where nothing listens', async (t) => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, () => {});
    await listener.close();
    await t.rejects(dialer.connect(listener, { alpn: ALPN, timeoutMs: 1_000 }), {
      name: 'TransportError',
      kind: options.nobodyThere,
      hint: /\w/,
    });
  });

  t.test('an aborted signal ends connecting, before and during', async (t) => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, () => {});
    const aborted = { name: 'TransportError', kind: 'aborted' };
    await t.rejects(dialer.connect(listener, { alpn: ALPN, signal: AbortSignal.abort() }), aborted);
    const controller = new AbortController();
    const connecting = dialer.connect(listener, { alpn: ALPN, signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    await t.rejects(connecting, aborted);
    await listener.close();
  });

  t.test('a signal aborted later does nothing', async (t) => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, (connection) => connection.onStream(echo));
    const controller = new AbortController();
    const client = await dialer.connect(listener, { alpn: ALPN, signal: controller.signal });
    controller.abort();
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(text('still here'));
    t.same(await recorder.received(10), Buffer.from('still here'));
    await listener.close();
  });

  t.test('WI-21 an unknown protocol is refused by name', async (t) => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: ['/0k-sync/1'] }, () => t.fail('accepted'));
    await t.rejects(dialer.connect(listener, { alpn: ALPN }), {
      name: 'TransportError',
      kind: 'alpn',
      message: /does not speak \/0k-sync\/2/,
    });
    await listener.close();
  });

  t.test('a port in use, and free again after close', async (t) => {
    const { acceptor, host } = makeEnds();
    const first = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, () => {});
    const again = { host, port: first.port, alpns: [ALPN] };
    await t.rejects(
      acceptor.listen(again, () => {}),
      { name: 'TransportError', kind: 'address-in-use', hint: /port/ },
    );
    await first.close();
    await first.close();
    const second = await acceptor.listen(again, () => {});
    t.equal(second.port, first.port);
    await second.close();
  });

  t.test(`${CONNECTIONS} connections`, async (t) => {
    const { dialer, acceptor, host } = makeEnds();
    const accepted: Connection[] = [];
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, (connection) => {
      accepted.push(connection);
      connection.onStream(echo);
    });
    const clients = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => dialer.connect(listener, { alpn: ALPN })),
    );
    const recorders = clients.map((client, index) => {
      const stream = client.openStream();
      stream.write(pattern(1_000, index));
      stream.end();
      return record(stream);
    });
    await Promise.all(recorders.map((recorder) => recorder.closedWith));
    t.ok(recorders.every((recorder, index) => Buffer.compare(recorder.whole(), pattern(1_000, index)) === 0));
    t.equal(new Set(accepted.map(({ remote }) => remote.port)).size, CONNECTIONS);
    await listener.close();
    const ends = await Promise.all([...clients, ...accepted].map((connection) => connection.closed));
    t.ok(ends.every((end) => end.code === 0 && !end.lost));
    await t.rejects(dialer.connect(listener, { alpn: ALPN, timeoutMs: 500 }), { name: 'TransportError' });
  });
}
