import assert from 'node:assert/strict';
import type { ByteStream } from '@0k-sync/transport';
import { connectPair, type Ends, echo, firstStream, pattern, type Recorder, record, text } from '../../stream/index.ts';
import type { TestFunction } from '../test-function.ts';

/** Tests of streams: many of them, limits, resets. */
export function streamContract(test: TestFunction, makeEnds: () => Ends): void {
  test('many streams at once, each with its own bytes, and again after they ended', async () => {
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
      assert.deepEqual(new Set(await Promise.all(recorders.map((recorder) => recorder.closedWith))), new Set([0]));
      for (const [index, recorder] of recorders.entries()) {
        assert.ok(Buffer.compare(recorder.whole(), pattern(10_000, index)) === 0, `round ${round} stream ${index}`);
      }
    }
    await listener.close();
  });

  test('the accepting end opens streams too', async () => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(client);
    const stream = server.openStream();
    stream.write(text('from the relay'));
    assert.deepEqual(await (await accepted).recorder.received(14), Buffer.from('from the relay'));
    await listener.close();
  });

  test('streams over the limit are reset with its number, freed ones count no more', async () => {
    const { client, server, listener } = await connectPair(makeEnds(), { limits: { streamsMax: 2, code: 2000 } });
    server.onStream(echo);
    const open = () => {
      const stream = client.openStream();
      const recorder = record(stream);
      stream.write(text('x'));
      return { stream, recorder };
    };
    const [first, second, third] = [open(), open(), open()];
    assert.equal(await third.recorder.closedWith, 2000);
    await Promise.all([first.recorder.received(1), second.recorder.received(1)]);
    first.stream.end();
    assert.equal(await first.recorder.closedWith, 0);
    const fourth = open();
    await fourth.recorder.received(1);
    second.stream.reset(7);
    await listener.close();
  });

  test('streams that were reset, by either end, make room for others', async () => {
    const { client, server, listener } = await connectPair(makeEnds(), { limits: { streamsMax: 2, code: 2000 } });
    server.onStream((stream) => record(stream, (bytes) => (bytes[0] === 1 ? stream.reset(8) : stream.write(bytes))));
    const codes: number[] = [];
    for (let round = 0; round < 60; round += 1) {
      const stream = client.openStream();
      const recorder = record(stream);
      const isPeersTurn = round % 2 === 1;
      stream.write(Uint8Array.of(isPeersTurn ? 1 : 2));
      if (!isPeersTurn) {
        await recorder.received(1);
        stream.reset(8);
      }
      codes.push(await recorder.closedWith);
    }
    assert.deepEqual(new Set(codes), new Set([8]));
    await listener.close();
  });

  test('the number of a reset arrives, at either end', async () => {
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
    assert.equal(await atA.closedWith, 77, 'the one who resets is told too');
    assert.equal(await recorders[0]?.closedWith, 77);
    streams[1]?.reset(4321);
    assert.equal(await atB.closedWith, 4321);
    assert.equal(await recorders[1]?.closedWith, 4321);
    a.write(text('ignored'));
    a.end();
    a.reset(1);
    assert.equal(a.bufferedBytes, 0);
    await listener.close();
  });

  test('a reset inside a data handler', async () => {
    const { client, server, listener } = await connectPair(makeEnds());
    server.onStream((stream) => {
      record(stream, () => stream.reset(9));
    });
    const stream = client.openStream();
    const recorder = record(stream);
    stream.write(pattern(3_000_000));
    assert.equal(await recorder.closedWith, 9);
    await listener.close();
  });
}
