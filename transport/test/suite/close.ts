import type { Test } from 'tap';
import { connectPair, type Ends, firstStream, pattern, record, text } from '../recorder.ts';

/** Closing a connection. */
export function closeSuite(t: Test, makeEnds: () => Ends): void {
  t.test('WI-23 the number and reason of a close arrive, at either end', async (t) => {
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
}
