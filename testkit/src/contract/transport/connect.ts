import assert from 'node:assert/strict';
import type { Connection } from '@0k-sync/transport';
import { ALPN, type Ends, echo, pattern, record, text } from '../../stream/index.ts';
import type { TestFunction } from '../test-function.ts';
import type { TransportContractConfig } from './config.ts';

const CONNECTIONS = 50;

/** Tests of connecting and listening. */
export function connectContract(
  test: TestFunction,
  makeEnds: () => Ends,
  config: Required<TransportContractConfig>,
): void {
  test('connecting where nothing listens', async () => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, () => {});
    await listener.close();
    await assert.rejects(dialer.connect(listener, { alpn: ALPN, timeoutMs: config.refusalMs }), {
      name: 'TransportError',
      kind: config.nobodyThere,
      hint: /\w/,
    });
  });

  test('an aborted signal ends connecting, before and during', async () => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, () => {});
    const aborted = { name: 'TransportError', kind: 'aborted' };
    await assert.rejects(dialer.connect(listener, { alpn: ALPN, signal: AbortSignal.abort() }), aborted);
    const controller = new AbortController();
    const connecting = dialer.connect(listener, { alpn: ALPN, signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    await assert.rejects(connecting, aborted);
    await listener.close();
  });

  test('a signal aborted later does nothing', async () => {
    const { dialer, acceptor, host } = makeEnds();
    const listener = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, (connection) => connection.onStream(echo));
    const controller = new AbortController();
    const client = await dialer.connect(listener, { alpn: ALPN, signal: controller.signal });
    controller.abort();
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(text('still here'));
    assert.deepEqual(await recorder.received(10), Buffer.from('still here'));
    await listener.close();
  });

  test('WI-21 an unknown protocol is refused by name', async () => {
    const { dialer, acceptor, host } = makeEnds();
    let accepted = 0;
    const listener = await acceptor.listen({ host, port: 0, alpns: ['/0k-sync/1'] }, () => {
      accepted += 1;
    });
    await assert.rejects(dialer.connect(listener, { alpn: ALPN }), {
      name: 'TransportError',
      kind: 'alpn',
      message: /does not speak \/0k-sync\/2/,
    });
    await listener.close();
    assert.equal(accepted, 0);
  });

  test('a port in use, and free again after close', async () => {
    const { acceptor, host } = makeEnds();
    const first = await acceptor.listen({ host, port: 0, alpns: [ALPN] }, () => {});
    const again = { host, port: first.port, alpns: [ALPN] };
    await assert.rejects(
      acceptor.listen(again, () => {}),
      { name: 'TransportError', kind: 'address-in-use', hint: /port/ },
    );
    await first.close();
    await first.close();
    const second = await acceptor.listen(again, () => {});
    assert.equal(second.port, first.port);
    await second.close();
  });

  test(`${CONNECTIONS} connections`, async () => {
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
    assert.ok(recorders.every((recorder, index) => Buffer.compare(recorder.whole(), pattern(1_000, index)) === 0));
    assert.equal(new Set(accepted.map(({ remote }) => remote.port)).size, CONNECTIONS);
    await listener.close();
    const ends = await Promise.all([...clients, ...accepted].map((connection) => connection.closed));
    assert.ok(ends.every((end) => end.code === 0 && !end.lost));
    await assert.rejects(dialer.connect(listener, { alpn: ALPN, timeoutMs: 500 }), { name: 'TransportError' });
  });
}
