import type { Test } from 'tap';
import type { ByteStream, Connection, TransportError } from '../src/index.ts';
import { ALPN, connectPair, type Ends, firstStream, pattern, Recorder, record, text } from './recorder.ts';

export interface SuiteOptions {
  /** What connecting to a port without a listener gives. */
  readonly nobodyThere: TransportError['kind'];
}

const LARGE_BYTES = 10_000_000;
const CONNECTIONS = 50;

function echo(stream: ByteStream): void {
  stream.receive({
    data: (bytes) => stream.write(bytes),
    end: () => stream.end(),
    closed: () => {},
  });
}

/** What every adapter of the port has to do. */
export function transportSuite(t: Test, makeEnds: () => Ends, options: SuiteOptions): void {
  t.test('echo, and both ends finish with 0', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    server.onStream(echo);
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(text('hello '));
    stream.write(text('there'));
    stream.end();
    t.equal(await recorder.closedWith, 0);
    t.same(recorder.whole(), Buffer.from('hello there'));
    t.same(recorder.events, ['data', 'end', 'closed 0']);
    t.equal(server.receivedBytes, 11);
    t.equal(client.receivedBytes, 11);
    await listener.close();
  });

  t.test('10 MB both ways at once, in order', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const near = client.openStream();
    const up = pattern(LARGE_BYTES, 1);
    const down = pattern(LARGE_BYTES, 2);
    const nearRecorder = record(near);
    near.write(up.slice());
    near.end();
    const { stream: far, recorder: farRecorder } = await accepted;
    for (let offset = 0; offset < down.length; offset += 100_000) far.write(down.slice(offset, offset + 100_000));
    far.end();
    await Promise.all([nearRecorder.ended, farRecorder.ended]);
    t.ok(Buffer.compare(farRecorder.whole(), up) === 0, 'upwards');
    t.ok(Buffer.compare(nearRecorder.whole(), down) === 0, 'downwards');
    t.same(await Promise.all([nearRecorder.closedWith, farRecorder.closedWith]), [0, 0]);
    await listener.close();
  });

  t.test('thousands of small writes in a turn arrive in order, and drain follows', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const stream = client.openStream();
    const recorder = record(stream);
    const drained = new Promise<void>((resolve) => {
      recorder.onDrain = resolve;
    });
    const bytes = pattern(5_000);
    for (const byte of bytes) stream.write(Uint8Array.of(byte));
    t.equal(stream.bufferedBytes, 5_000);
    await drained;
    t.equal(stream.bufferedBytes, 0);
    t.same(await (await accepted).recorder.received(5_000), Buffer.from(bytes));
    await listener.close();
  });

  t.test('writing inside a data handler loses nothing', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const answer = pattern(4_000_000);
    let far: ByteStream | undefined;
    server.onStream((stream) => {
      far = stream;
      record(stream, () => stream.write(answer.slice()));
    });
    const stream = client.openStream();
    const recorder = record(stream);
    for (let round = 1; round <= 3; round += 1) {
      stream.write(text('again'));
      await recorder.received(round * answer.length);
    }
    t.equal(recorder.bytes, 3 * answer.length);
    far?.end();
    stream.end();
    t.equal(await recorder.closedWith, 0, 'so the last write was taken');
    await listener.close();
  });

  t.test('many streams at once, each with its own bytes, and again after they ended', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds(), { limits: { streamsMax: 16 } });
    server.onStream(echo);
    for (let round = 0; round < 4; round += 1) {
      const recorders = Array.from({ length: 16 }, (_, index) => {
        const stream = client.openStream();
        const recorder = record(stream);
        stream.write(pattern(10_000, index));
        stream.end();
        return recorder;
      });
      t.same(new Set(await Promise.all(recorders.map((recorder) => recorder.closedWith))), new Set([0]));
      for (const [index, recorder] of recorders.entries()) {
        t.ok(Buffer.compare(recorder.whole(), pattern(10_000, index)) === 0, `round ${round} stream ${index}`);
      }
    }
    await listener.close();
  });

  t.test('the accepting end opens streams too', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(client);
    const stream = server.openStream();
    stream.write(text('from the relay'));
    t.same(await (await accepted).recorder.received(14), Buffer.from('from the relay'));
    await listener.close();
  });

  t.test('streams over the limit are reset with its number, freed ones count no more', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds(), { limits: { streamsMax: 2, code: 2000 } });
    server.onStream(echo);
    const open = () => {
      const stream = client.openStream();
      const recorder = record(stream);
      stream.write(text('x'));
      return { stream, recorder };
    };
    const [first, second, third] = [open(), open(), open()];
    t.equal(await third.recorder.closedWith, 2000);
    await Promise.all([first.recorder.received(1), second.recorder.received(1)]);
    first.stream.end();
    t.equal(await first.recorder.closedWith, 0);
    const fourth = open();
    await fourth.recorder.received(1);
    second.stream.reset(7);
    await listener.close();
  });

  t.test('half close: the other direction goes on', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const near = client.openStream();
    const nearRecorder = record(near);
    near.write(text('question'));
    near.end();
    near.write(text('ignored'));
    const { stream: far, recorder: farRecorder } = await accepted;
    await farRecorder.ended;
    t.same(farRecorder.whole(), Buffer.from('question'));
    far.write(text('answer'));
    t.same(await nearRecorder.received(6), Buffer.from('answer'));
    t.same(nearRecorder.events, ['data']);
    far.end();
    t.same(await Promise.all([nearRecorder.closedWith, farRecorder.closedWith]), [0, 0]);
    await listener.close();
  });

  t.test('the number of a reset arrives, at either end', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const streams: ByteStream[] = [];
    const recorders: Recorder[] = [];
    const two = Promise.withResolvers<void>();
    server.onStream((stream) => {
      streams.push(stream);
      recorders.push(record(stream));
      if (streams.length === 2) two.resolve();
    });
    const a = client.openStream();
    const b = client.openStream();
    const [atA, atB] = [record(a), record(b)];
    a.write(text('a'));
    b.write(text('b'));
    await two.promise;
    a.reset(77);
    t.equal(await atA.closedWith, 77, 'the one who resets is told too');
    t.equal(await recorders[0]?.closedWith, 77);
    streams[1]?.reset(4321);
    t.equal(await atB.closedWith, 4321);
    t.equal(await recorders[1]?.closedWith, 4321);
    a.write(text('ignored'));
    a.end();
    a.reset(1);
    t.equal(a.bufferedBytes, 0);
    await listener.close();
  });

  t.test('a reset inside a data handler', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    server.onStream((stream) => {
      record(stream, () => stream.reset(9));
    });
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(pattern(3_000_000));
    t.equal(await recorder.closedWith, 9);
    await listener.close();
  });

  t.test('the number and reason of a close arrive, at either end', async (t) => {
    for (const closer of ['client', 'server'] as const) {
      const { client, server, listener } = await connectPair(makeEnds());
      const accepted = firstStream(server);
      const near = client.openStream();
      near.write(text('x'));
      const recorders = [record(near), (await accepted).recorder];
      const [own, peer] = closer === 'client' ? [client, server] : [server, client];
      await own.close(1002, 'unauthorized');
      t.same(await own.closed, { code: 1002, reason: 'unauthorized', remote: false, lost: false }, closer);
      t.same(await peer.closed, { code: 1002, reason: 'unauthorized', remote: true, lost: false }, closer);
      t.same(await Promise.all(recorders.map((recorder) => recorder.closedWith)), [1002, 1002]);
      t.throws(() => own.openStream(), { name: 'TransportError', kind: 'closed' });
      t.throws(() => peer.openStream(), { name: 'TransportError', kind: 'closed' });
      await own.close(5, 'again');
      t.equal((await own.closed).code, 1002, 'the first close decides');
      await listener.close();
    }
  });

  t.test('close hands over what was written, at either end', async (t) => {
    for (const closer of ['client', 'server'] as const) {
      const { client, server, listener } = await connectPair(makeEnds());
      const accepted = firstStream(server);
      const near = client.openStream();
      const nearRecorder = record(near);
      near.write(text('x'));
      const { stream: far, recorder: farRecorder } = await accepted;
      const [own, peer] = closer === 'client' ? [near, farRecorder] : [far, nearRecorder];
      await farRecorder.received(1);
      const before = peer.bytes;
      own.write(pattern(5_000_000));
      own.end();
      await (closer === 'client' ? client : server).close(0, 'done');
      await peer.closedWith;
      t.equal(peer.bytes - before, 5_000_000, closer);
      t.same(peer.events, ['data', 'end', 'closed 0']);
      await listener.close();
    }
  });

  t.test('stream, bytes, end and close in one go: all arrive', async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const { client, server, listener } = await connectPair(makeEnds());
      const accepted = firstStream(server);
      const near = client.openStream();
      near.write(text('last words'));
      near.end();
      const closing = client.close(3001, 'bye');
      const { recorder } = await accepted;
      t.equal(await recorder.closedWith, 3001);
      t.same(recorder.whole(), Buffer.from('last words'));
      t.same(recorder.events, ['data', 'end', 'closed 3001']);
      await closing;
      await listener.close();
    }
  });

  t.test('after close handlers get only closed', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const near = client.openStream();
    const recorder = record(near);
    near.write(text('x'));
    const { stream: far } = await accepted;
    const closing = client.close(1, 'enough');
    far.write(pattern(1_000));
    await closing;
    t.same(recorder.events, ['closed 1']);
    await listener.close();
  });

  t.test('what came before the handlers is replayed to them', async (t) => {
    const { client, server, listener } = await connectPair(makeEnds());
    const first = client.openStream();
    first.write(text('early '));
    first.write(text('bird'));
    first.end();
    const second = client.openStream();
    second.write(text('second'));
    while (server.receivedBytes < 16) await new Promise((resolve) => setImmediate(resolve));
    const streams: ByteStream[] = [];
    server.onStream((stream) => streams.push(stream));
    t.equal(streams.length, 2, 'before onStream returned');
    t.throws(() => server.onStream(() => {}), TypeError);
    const recorders = streams.map((stream) => record(stream));
    t.same(
      recorders.map((recorder) => Buffer.from(recorder.whole()).toString()),
      ['early bird', 'second'],
    );
    await recorders[0]?.ended;
    t.throws(() => streams[0]?.receive(new Recorder()), TypeError);
    await listener.close();
  });

  t.test('abuse/unread-bytes: a peer that sends more than may wait unread is closed', async (t) => {
    const limits = { unreadBytesMax: 100_000, code: 3000 };
    const { client, server, listener } = await connectPair(makeEnds(), { limits });
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(pattern(3_000_000));
    t.match(await client.closed, { code: 3000, remote: true });
    t.match(await server.closed, { code: 3000, remote: false });
    t.equal(await recorder.closedWith, 3000);
    await listener.close();
  });

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

  t.test('an unknown protocol is refused by name', async (t) => {
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
