import { randomBytes } from 'node:crypto';
import { errors } from '@0k-sync/generated/errors';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { ByteStream, Connection } from '@0k-sync/transport';
import fc from 'fast-check';
import t from 'tap';
import { RateLimiter } from '../../src/dataplane/limits/rate-limiter.ts';
import { TestRelay } from '../support/relay.ts';

const relay = await TestRelay.start(t);
const witness = new Device();
const witnessClient = await relay.member(witness);

/** Checks that the relay still serves an honest client. SC-22. */
async function isServed(): Promise<boolean> {
  const { results } = await witnessClient.push(witness.items(1));
  return results[0]?.error === undefined;
}

/** Opens the control stream; undefined if the relay has closed the connection already. */
function open(connection: Connection): ByteStream | undefined {
  try {
    const stream = connection.openStream();
    stream.receive({ data: () => {}, end: () => {}, closed: () => {} });
    return stream;
  } catch {
    return undefined;
  }
}

/** Connects a peer that has sent nothing yet, not even the preface. */
async function silent(to = relay, host = '198.51.100.1') {
  const connection = await to.network.transport(host).connect(to.target, { alpn: '/0k-sync/2' });
  const closed = connection.closed.then(({ code }) => code);
  const write = (bytes: Uint8Array): void => {
    stream ??= open(connection);
    stream?.write(bytes);
  };
  let stream: ByteStream | undefined;
  return { connection, closed, write, end: () => stream?.end() };
}

t.test('SC-22 random bytes instead of a preface, or after it, close the connection and nothing else', async (t) => {
  const preface = fc.constantFrom(Uint8Array.of(), Uint8Array.of(0x30, 0x4b, 1, 0), Uint8Array.of(0x30, 0x4b, 2, 0));
  await fc.assert(
    fc.asyncProperty(preface, fc.uint8Array({ minLength: 4, maxLength: 3000 }), async (start, bytes) => {
      const { connection, closed, write, end } = await silent();
      write(Uint8Array.from([...start, ...bytes]));
      end();
      const code = await closed;
      if (code < 1000 || code > 3002) throw new Error(`closed with ${code}`);
      await connection.close(0);
    }),
    { numRuns: 60 },
  );
  t.ok(await isServed());
  t.equal(relay.counts.connections, 1);
});

t.test('SC-22 random frames after the handshake close the connection and nothing else', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.boolean(), async (bytes, enrolled) => {
      const client = await relay.connect('198.51.100.2');
      if (enrolled) await client.hello(new Device());
      client.sendPlaintext(Uint8Array.from([bytes.length & 0x7f, ...bytes]));
      client.stream.end();
      const code = await client.closed();
      if (code !== 0 && (code < 1000 || code > 3002)) throw new Error(`closed with ${code}`);
    }),
    { numRuns: 60 },
  );
  t.ok(await isServed());
});

t.test('WI-10 WI-11 F-009 abuse/length-before-alloc abuse/oversized a declared 4 GiB allocates nothing', async (t) => {
  const lengths = [
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
    Uint8Array.of(0x81, 0x80, 0x40),
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
    Uint8Array.of(0),
  ];
  const before = process.memoryUsage().arrayBuffers;
  for (const length of lengths) {
    const client = await relay.member(new Device());
    client.sendPlaintext(length);
    t.equal(await client.closed(), errors.FRAME_TOO_LARGE.number);
  }
  t.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
});

t.test(
  'HS-15 F-006 abuse/hello-deadline abuse/slowloris limits.hello_deadline_ms: bytes that trickle in do not put it off',
  async (t) => {
    const hasty = await TestRelay.start(t, { limits: { hello_deadline_ms: 400 } });
    const quiet = await silent(hasty);
    const slow = await silent(hasty);
    slow.write(Uint8Array.of(0x30, 0x4b, 2, 0, 0x04, 0xc0));
    const fresh = await hasty.connect();
    for (let elapsedMs = 0; elapsedMs < 350; elapsedMs += 50) {
      await hasty.clock.advance(50);
      slow.write(Uint8Array.of(0x30));
    }
    await hasty.clock.advance(49);
    t.equal(hasty.counts.connections, 3, 'not before');
    await hasty.clock.advance(1);
    t.same(await Promise.all([quiet.closed, slow.closed, fresh.closed()]), [2007, 2007, 2007]);
    const member = await hasty.member(new Device());
    await hasty.clock.advance(500);
    await member.ping();
  },
);

t.test('SE-22 abuse/idle-stream limits.idle_timeout_ms: silence ends a session, a Ping keeps it', async (t) => {
  const strict = await TestRelay.start(t, { limits: { idle_timeout_ms: 400 } });
  const [idle, lively] = [await strict.member(new Device()), await strict.member(new Device())];
  for (let elapsedMs = 0; elapsedMs < 300; elapsedMs += 100) {
    await strict.clock.advance(100);
    await lively.ping();
  }
  await strict.clock.advance(99);
  t.equal(strict.counts.connections, 2, 'not before');
  await strict.clock.advance(1);
  t.equal(await idle.closed(), errors.DEADLINE_EXCEEDED.number);
  await lively.ping();
  t.equal(strict.counts.sessions, 1);
});

t.test(
  'RL-61 F-007 abuse/handshake-flood limits.connections_per_address_max: 1,000 half-open handshakes are bounded',
  async (t) => {
    const limits = { connections_per_address_max: 50, connections_per_address_per_second: 0, hello_deadline_ms: 1500 };
    const bounded = await TestRelay.start(t, { limits });
    const flood = await Promise.all(Array.from({ length: 1000 }, () => silent(bounded, '198.51.100.3')));
    for (const { write } of flood) write(Uint8Array.of(0x30, 0x4b, 2, 0, 0x04, 0xc0, ...randomBytes(600)));
    await bounded.member(new Device(), '192.0.2.9');
    t.equal(bounded.relay.admission.connections, 51);
    await bounded.clock.advance(1500);
    const codes = await Promise.all(flood.map(({ closed }) => closed));
    t.equal(codes.filter((code) => code === errors.RATE_LIMITED.number).length, 950);
    t.equal(codes.filter((code) => code === errors.DEADLINE_EXCEEDED.number).length, 50);
    t.equal(bounded.relay.admission.connections, 1);
  },
);

t.test('RL-61 limits.connections_max bounds all addresses together', async (t) => {
  const small = await TestRelay.start(t, { limits: { connections_max: 3 } });
  const device = new Device();
  const clients: RawClient[] = [];
  for (const host of ['a', 'b', 'c']) clients.push(await small.member(device, host));
  await t.rejects(small.connect('d'));
  await clients[0]?.leave();
  await small.connect('d');
});

t.test('RL-62 limits.connections_per_address_per_second', async (t) => {
  const slow = await TestRelay.start(t, { limits: { connections_per_address_per_second: 2 } });
  await slow.connect('a');
  await slow.connect('a');
  const third = await silent(slow, 'a');
  t.equal(await third.closed, errors.RATE_LIMITED.number);
  await slow.connect('b');
  await slow.clock.advance(500);
  await slow.connect('a');
});

t.test(
  'RL-62 F-014 SR-001 abuse/limiter-keys limits.operations_per_second_per_address, limits.operations_per_second_per_group and limits.operations_per_second_per_device',
  async (t) => {
    const settings = {
      // A handshake and a Hello are taken from the address.
      address: { operations_per_second_per_address: 400 },
      group: { operations_per_second_per_group: 100 },
      device: { operations_per_second_per_device: 100 },
    };
    for (const [key, limits] of Object.entries(settings)) {
      const slow = await TestRelay.start(t, { limits }, t.testdir({ [key]: {} }));
      const device = new Device();
      const client = await slow.member(device, 'a');
      t.equal((await client.push(device.items(5))).results.length, 5);
      client.send({ $case: 'push', value: { items: device.items(200) } });
      const refusal = await client.expectNext('error');
      t.equal(refusal.code, errors.RATE_LIMITED.number);
      t.ok(refusal.retryAfterMs > 0n);
      const others = {
        address: () => slow.member(device.sibling(), 'b'),
        group: () => slow.member(new Device(), 'a'),
        device: () => slow.member(device.sibling(), 'a'),
      };
      const other = await others[key as keyof typeof others]();
      other.send({ $case: 'listDevices', value: {} });
      await other.expectNext('deviceList');
    }
  },
);

t.test('RL-62 limits.limiter_entries_max: a limiter forgets whom it does not need and stays bounded', async (t) => {
  const limiter = new RateLimiter(10, 1000, 100);
  for (let index = 0; index < 10_000; index += 1) limiter.take(`key ${index}`, 1, index * 10);
  t.ok(limiter.size <= 100);
  t.ok(limiter.take('late', 10, 1_000_000));
  t.notOk(limiter.take('late', 1, 1_000_000));
  t.ok(limiter.take('late', 1, 1_000_200));
  t.ok(new RateLimiter(0, 1000, 1).take('any', 1e9, 0), '0 is no limit');
});

t.test('SE-05 limits.requests_in_flight_max', async (t) => {
  const narrow = await TestRelay.start(t, { limits: { requests_in_flight_max: 4 } });
  const device = new Device();
  const client = await narrow.connect();
  t.equal((await client.hello(device)).limits?.requestsInFlightMax, 4);
  for (let index = 0; index < 5; index += 1) client.send({ $case: 'push', value: { items: device.items(1) } });
  t.equal(await client.closed(), errors.REQUESTS_EXCEEDED.number);
});

t.test('RL-63 limits.unread_bytes_max: pushes that wait for the disk are bounded per connection', async (t) => {
  const narrow = await TestRelay.start(t, { limits: { unread_bytes_max: 2 * 1024 * 1024 } });
  const device = new Device();
  const client = await narrow.member(device);
  const large = 'x'.repeat(150_000);
  for (let index = 0; index < 30; index += 1) client.send({ $case: 'push', value: { items: device.items(1, large) } });
  t.equal(await client.closed(), errors.RESOURCES_EXCEEDED.number);
  t.equal(narrow.counts.sessions, 0);
});

t.test('RL-28 abuse/storage-flood groups.bytes_max and groups.envelopes_max', async (t) => {
  const quotas = { bytes: { bytes_max: 3000 }, envelopes: { envelopes_max: 3 } };
  for (const [name, groups] of Object.entries(quotas)) {
    const small = await TestRelay.start(t, { groups }, t.testdir({ [name]: {} }));
    const device = new Device();
    const client = await small.member(device);
    const { results } = await client.push(device.items(20));
    t.equal(results.at(-1)?.error?.code, errors.GROUP_QUOTA_EXCEEDED.number);
    t.ok(results.length > 3 && results.length < 9);
    t.equal((await client.pullSegment()).envelopes.length, results.length - 1);
  }
});

t.test(
  'RL-81 RL-80 finding/R5 groups.bytes_per_address_max: an address pays for every group that it created',
  async (t) => {
    const small = await TestRelay.start(t, { groups: { bytes_per_address_max: 3000 } });
    const devices = [new Device(), new Device(), new Device()];
    const hosts = ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.2'];
    const stored: number[] = [];
    for (const [index, device] of devices.entries()) {
      const client = await small.member(device, hosts[index]);
      const { results } = await client.push(device.items(20));
      t.equal(results.at(-1)?.error?.code, errors.GROUP_QUOTA_EXCEEDED.number);
      stored.push(results.length - 1);
    }
    t.ok((stored[0] ?? 0) > 0 && stored[1] === 0, 'the second group of the address finds no room');
    t.equal(stored[2], stored[0], 'another address has its own');
  },
);

t.test('SC-22 whoever misbehaved, the others were served all the time', async (t) => {
  t.ok(await isServed());
});
