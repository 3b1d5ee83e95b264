import assert from 'node:assert/strict';
import { connectPair, type Ends, firstStream, pattern, record, text } from '../../stream/index.ts';
import type { TestFunction } from '../test-function.ts';

/** Tests of closing a connection. */
export function closeContract(test: TestFunction, makeEnds: () => Ends): void {
  test('WI-23 the number and reason of a close arrive, at either end', async () => {
    for (const closer of ['client', 'server'] as const) {
      const { client, server, listener } = await connectPair(makeEnds());
      const accepted = firstStream(server);
      const near = client.openStream();
      near.write(text('x'));
      const recorders = [record(near), (await accepted).recorder];
      const [own, peer] = closer === 'client' ? [client, server] : [server, client];
      await own.close(1002, 'unauthorized');
      assert.deepEqual(
        { ...(await own.closed) },
        { code: 1002, reason: 'unauthorized', remote: false, lost: false },
        closer,
      );
      assert.deepEqual(
        { ...(await peer.closed) },
        { code: 1002, reason: 'unauthorized', remote: true, lost: false },
        closer,
      );
      assert.deepEqual(await Promise.all(recorders.map((recorder) => recorder.closedWith)), [1002, 1002]);
      assert.throws(() => own.openStream(), { name: 'TransportError', kind: 'closed' });
      assert.throws(() => peer.openStream(), { name: 'TransportError', kind: 'closed' });
      await own.close(5, 'again');
      assert.equal((await own.closed).code, 1002, 'the first close decides');
      await listener.close();
    }
  });

  test('close hands over what was written, at either end', async () => {
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
      assert.equal(peer.bytes - before, 5_000_000, closer);
      assert.deepEqual(peer.events, ['data', 'end', 'closed 0']);
      await listener.close();
    }
  });

  test('stream, bytes, end and close in one go: all arrive', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { client, server, listener } = await connectPair(makeEnds());
      const accepted = firstStream(server);
      const near = client.openStream();
      near.write(text('last words'));
      near.end();
      const closing = client.close(3001, 'bye');
      const { recorder } = await accepted;
      assert.equal(await recorder.closedWith, 3001);
      assert.deepEqual(recorder.whole(), Buffer.from('last words'));
      assert.deepEqual(recorder.events, ['data', 'end', 'closed 3001']);
      await closing;
      await listener.close();
    }
  });

  test('after close handlers get only closed', async () => {
    const { client, server, listener } = await connectPair(makeEnds());
    const accepted = firstStream(server);
    const near = client.openStream();
    const recorder = record(near);
    near.write(text('x'));
    const { stream: far } = await accepted;
    const closing = client.close(1, 'enough');
    far.write(pattern(1_000));
    await closing;
    assert.deepEqual(recorder.events, ['closed 1']);
    await listener.close();
  });
}
