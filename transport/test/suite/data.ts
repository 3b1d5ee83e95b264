import type { Test } from 'tap';
import type { ByteStream } from '../../src/index.ts';
import { connectPair, type Ends, echo, firstStream, pattern, Recorder, record, text } from '../recorder.ts';

const LARGE_BYTES = 10_000_000;

/** Bytes: order, completeness, half close, what waits unread. */
export function dataSuite(t: Test, makeEnds: () => Ends): void {
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
}
