import assert from 'node:assert/strict';
import type { ByteStream } from '@0k-sync/transport';
import { connectPair, type Ends, echo, firstStream, pattern, Recorder, record, text } from '../../stream/index.ts';
import type { TestFunction } from '../test-function.ts';

const LARGE_BYTES = 10_000_000;

/** Tests of bytes: order, completeness, half close, bytes that wait unread. */
export function dataContract(test: TestFunction, makeEnds: () => Ends): void {
  test('echo, and both ends finish with 0', async () => {
    const { client, server, listener } = await connectPair(makeEnds());
    server.onStream(echo);
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(text('hello '));
    stream.write(text('there'));
    stream.end();
    assert.equal(await recorder.closedWith, 0);
    assert.deepEqual(recorder.whole(), Buffer.from('hello there'));
    assert.deepEqual(recorder.events, ['data', 'end', 'closed 0']);
    assert.equal(server.receivedBytes, 11);
    assert.equal(client.receivedBytes, 11);
    await listener.close();
  });

  test('10 MB both ways at once, in order', async () => {
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
    assert.ok(Buffer.compare(farRecorder.whole(), up) === 0, 'upwards');
    assert.ok(Buffer.compare(nearRecorder.whole(), down) === 0, 'downwards');
    assert.deepEqual(await Promise.all([nearRecorder.closedWith, farRecorder.closedWith]), [0, 0]);
    await listener.close();
  });

  test('thousands of small writes in a turn arrive in order, and drain follows', async () => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const stream = client.openStream();
    const recorder = record(stream);
    const drained = new Promise<void>((resolve) => {
      recorder.onDrain = resolve;
    });
    const bytes = pattern(5_000);
    for (const byte of bytes) stream.write(Uint8Array.of(byte));
    assert.equal(stream.bufferedBytes, 5_000);
    await drained;
    assert.equal(stream.bufferedBytes, 0);
    assert.deepEqual(await (await accepted).recorder.received(5_000), Buffer.from(bytes));
    await listener.close();
  });

  test('writing inside a data handler loses nothing', async () => {
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
    assert.equal(recorder.bytes, 3 * answer.length);
    far?.end();
    stream.end();
    assert.equal(await recorder.closedWith, 0, 'so the last write was taken');
    await listener.close();
  });

  test('half close: the other direction goes on', async () => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const near = client.openStream();
    const nearRecorder = record(near);
    near.write(text('question'));
    near.end();
    near.write(text('ignored'));
    const { stream: far, recorder: farRecorder } = await accepted;
    await farRecorder.ended;
    assert.deepEqual(farRecorder.whole(), Buffer.from('question'));
    far.write(text('answer'));
    assert.deepEqual(await nearRecorder.received(6), Buffer.from('answer'));
    assert.deepEqual(nearRecorder.events, ['data']);
    far.end();
    assert.deepEqual(await Promise.all([nearRecorder.closedWith, farRecorder.closedWith]), [0, 0]);
    await listener.close();
  });

  test('what came before the handlers is replayed to them', async () => {
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
    assert.equal(streams.length, 2, 'before onStream returned');
    assert.throws(() => server.onStream(() => {}), TypeError);
    const recorders = streams.map((stream) => record(stream));
    assert.deepEqual(
      recorders.map((recorder) => Buffer.from(recorder.whole()).toString()),
      ['early bird', 'second'],
    );
    await recorders[0]?.ended;
    assert.throws(() => streams[0]?.receive(new Recorder()), TypeError);
    await listener.close();
  });

  test('abuse/unread-bytes: a peer that sends more than may wait unread is closed', async () => {
    const limits = { unreadBytesMax: 100_000, code: 3000 };
    const { client, server, listener } = await connectPair(makeEnds(), { limits });
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(pattern(3_000_000));
    assert.partialDeepStrictEqual({ ...(await client.closed) }, { code: 3000, remote: true });
    assert.partialDeepStrictEqual({ ...(await server.closed) }, { code: 3000, remote: false });
    assert.equal(await recorder.closedWith, 3000);
    await listener.close();
  });
}
