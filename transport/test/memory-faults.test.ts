import { ALPN, connectPair, firstStream, pattern, record, text } from '@0k-sync/testkit/stream';
import t from 'tap';
import { MemoryNetwork } from '../src/memory/index.ts';

function makeNetwork(options?: ConstructorParameters<typeof MemoryNetwork>[0]) {
  const network = new MemoryNetwork(options);
  const ends = { dialer: network.transport('phone'), acceptor: network.transport('relay'), host: 'relay' };
  return { network, ends };
}

/** A queue that a test runs by hand: virtual time. */
class ManualSchedule {
  readonly tasks: (() => void)[] = [];
  readonly schedule = (task: () => void): void => {
    this.tasks.push(task);
  };
  run(): void {
    for (let task = this.tasks.shift(); task; task = this.tasks.shift()) task();
  }
}

const LOST = { code: 0, reason: 'connection lost', remote: false, lost: true };

t.test('cut: both ends lose the connection', async (t) => {
  const { network, ends } = makeNetwork();
  const { client, server } = await connectPair(ends);
  const recorder = record(client.openStream());
  const [link] = network.links;
  t.match(link?.from, { host: 'phone', port: Number });
  link?.cut();
  t.same(await client.closed, LOST);
  t.same(await server.closed, LOST);
  t.same(recorder.events, ['closed 0']);
  await client.close(5);
  t.same(network.links, []);
});

t.test('drop: half-open, the other end hears nothing and its bytes vanish', async (t) => {
  const { network, ends } = makeNetwork();
  const { client, server } = await connectPair(ends);
  const accepted = firstStream(server);
  const near = client.openStream();
  const nearRecorder = record(near);
  near.write(text('x'));
  const { stream: far, recorder } = await accepted;
  network.links[0]?.drop('dialer');
  t.same(await client.closed, LOST);
  t.equal(await nearRecorder.closedWith, 0);
  const drained = new Promise<void>((resolve) => {
    recorder.onDrain = resolve;
  });
  far.write(text('anybody there?'));
  await drained;
  t.same(recorder.events, ['data']);
  await server.close(0, 'gave up');
  t.match(await server.closed, { code: 0, reason: 'gave up', remote: false, lost: false });
});

t.test('silence: what one side sends vanishes, the other direction goes on', async (t) => {
  const { network, ends } = makeNetwork();
  const { client, server } = await connectPair(ends);
  const accepted = firstStream(server);
  const near = client.openStream();
  const nearRecorder = record(near);
  near.write(text('before'));
  const { stream: far, recorder } = await accepted;
  await recorder.received(6);
  network.links[0]?.silence('dialer');
  near.write(text('after'));
  far.write(text('answer'));
  await nearRecorder.received(6);
  t.same(Buffer.from(recorder.whole()).toString(), 'before');
  network.links[0]?.cut();
});

t.test('hold and release: what is under way counts as buffered', async (t) => {
  const { network, ends } = makeNetwork();
  const { client, server } = await connectPair(ends);
  const accepted = firstStream(server);
  const stream = client.openStream();
  const recorder = record(stream);
  let drains = 0;
  recorder.onDrain = () => {
    drains += 1;
  };
  network.links[0]?.hold('dialer');
  stream.write(pattern(1_000));
  await new Promise((resolve) => setImmediate(resolve));
  stream.write(pattern(500));
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(stream.bufferedBytes, 1_500);
  t.equal(drains, 0);
  network.links[0]?.release('dialer');
  await (await accepted).recorder.received(1_500);
  t.equal(stream.bufferedBytes, 0);
  t.equal(drains, 1);
  network.links[0]?.cut();
});

t.test('deliveries come whole, split or byte by byte, each with bytes of its own', async (t) => {
  for (const [segmentBytes, lengths] of [
    [undefined, [10]],
    [4, [4, 4, 2]],
    [1, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ] as const) {
    const { network, ends } = makeNetwork(segmentBytes === undefined ? {} : { segmentBytes });
    const { client, server } = await connectPair(ends);
    const accepted = firstStream(server);
    const stream = client.openStream();
    const written = pattern(10);
    stream.write(written);
    const { recorder } = await accepted;
    await recorder.received(10);
    t.same(
      recorder.chunks.map((chunk) => chunk.length),
      lengths,
    );
    recorder.chunks[0]?.fill(0);
    t.same(written, pattern(10), 'the writer sees nothing of what the reader does');
    network.links[0]?.cut();
  }
  t.throws(() => new MemoryNetwork({ segmentBytes: 0 }), RangeError);
});

t.test('with an injected schedule nothing happens by itself, and writes of one turn are one', async (t) => {
  const time = new ManualSchedule();
  const { network, ends } = makeNetwork({ schedule: time.schedule });
  const connecting = connectPair(ends);
  await Promise.resolve();
  time.run();
  const { client, server } = await connecting;
  const chunks: number[] = [];
  server.onStream((stream) =>
    stream.receive({ data: (bytes) => chunks.push(bytes.length), end: () => {}, closed: () => {} }),
  );
  const stream = client.openStream();
  for (let index = 0; index < 1_000; index += 1) stream.write(text('ab'));
  await new Promise((resolve) => setImmediate(resolve));
  t.same(chunks, []);
  time.run();
  t.same(chunks, [2_000]);
  network.links[0]?.cut();
});

t.test('limits: no more connections than allowed', async (t) => {
  const { ends } = makeNetwork();
  const { listener } = await connectPair(ends, { limits: { connectionsMax: 1 } });
  await t.rejects(ends.dialer.connect(listener, { alpn: ALPN }), { name: 'TransportError', kind: 'refused' });
  await t.rejects(connectPair(ends, { limits: { streamsMax: -1 } }), RangeError);
  await listener.close();
});
