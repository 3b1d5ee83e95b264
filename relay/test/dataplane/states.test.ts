import { randomBytes } from 'node:crypto';
import type { FrameBody } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { type FrameName, frames } from '@0k-sync/generated/frames';
import { relaySession } from '@0k-sync/generated/machines/relay-session';
import { patterns } from '@0k-sync/generated/patterns';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import { caseOf, sessionFrames } from '@0k-sync/testkit/samples';
import type { Case } from '@0k-sync/testkit/wire';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const relay = await TestRelay.start(t, { limits: { failed_claims_per_minute_per_address: 1000 } });
const UNEXPECTED = errors.UNEXPECTED_FRAME.number;
const EMPTY = new Uint8Array(0);

/** Makes a frame of every kind that is correct for that device and connection. */
function framesFor(device: Device, client: RawClient): Readonly<Record<Case, FrameBody>> {
  const push: FrameBody = { $case: 'push', value: { items: device.items(1) } };
  const mailboxId = randomBytes(16);
  return sessionFrames({ hello: client.helloBody(device), push, mailboxId, claimToken: randomBytes(16) });
}

/** Brings a new connection into a state. */
const reach: Record<'fresh' | 'claimed' | 'ready', (device: Device) => Promise<RawClient>> = {
  fresh: () => relay.connect(),
  claimed: async () => {
    const host = await relay.member(new Device());
    const mailboxId = randomBytes(16);
    host.send({ $case: 'mailboxPut', value: { mailboxId, payload: randomBytes(10), expiresInMs: 60_000n } });
    await host.expectNext('mailboxItem');
    const client = await relay.connect();
    client.send({ $case: 'mailboxClaim', value: { mailboxId, claimToken: randomBytes(16) } });
    await client.expectNext('mailboxItem');
    return client;
  },
  ready: (device) => relay.member(device),
};

for (const [state, open] of Object.entries(reach)) {
  t.test(
    `SE-02, SE-75, SE-76, SE-79, SE-81 to SE-83, SE-85 to SE-87: every frame in ${state}: what it does not accept ends the session with ${UNEXPECTED}`,
    async (t) => {
      for (const [name, row] of Object.entries(frames)) {
        const device = new Device();
        const client = await open(device);
        const body = framesFor(device, client)[caseOf(name as FrameName)];
        const isOwed = row.answer.length > 0;
        client.send(body, row.from === 'relay' || isOwed ? 77 : 0);
        const accepted = row.from === 'client' && (row.states as readonly string[]).includes(state);
        if (!accepted) {
          t.equal(await client.closed(), UNEXPECTED, `${name} is refused`);
          continue;
        }
        if (name === 'Bye') t.equal(await client.closed(), 0, 'Bye ends it in order');
        else if (isOwed) t.equal((await client.next()).requestId, 77, `${name} is answered`);
        else {
          client.send({ $case: 'ping', value: {} });
          await client.expectNext('pong');
        }
        await client.close();
      }
    },
  );
}

t.test('SE-04 request_id 0, one in use, and one on a frame without an answer are refused', async (t) => {
  const device = new Device();
  const pull = { $case: 'pull', value: { after: 0n, hashAtAfter: EMPTY, bytesMax: 1 } } as const;
  const zero = await relay.member(device);
  zero.send(pull, 0);
  t.equal(await zero.closed(), UNEXPECTED);
  const twice = await relay.member(device);
  twice.send({ $case: 'push', value: { items: device.items(1) } }, 5);
  twice.send(pull, 5);
  t.equal(await twice.closed(), UNEXPECTED);
  const unowed = await relay.member(device);
  unowed.send({ $case: 'ack', value: { cursor: 0n } }, 5);
  t.equal(await unowed.closed(), UNEXPECTED);
});

t.test('SE-01 a second stream is reset and the session goes on', async (t) => {
  const client = await relay.member(new Device());
  const second = client.connection.openStream();
  const { promise, resolve } = Promise.withResolvers<number>();
  second.receive({ data: () => {}, end: () => {}, closed: resolve });
  second.write(Uint8Array.of(1));
  t.equal(await promise, errors.RESOURCES_EXCEEDED.number);
  client.send({ $case: 'ping', value: {} });
  await client.expectNext('pong');
});

t.test('WI-02 an unknown version is answered with the highest one', async (t) => {
  const connection = await relay.network.transport().connect(relay.target, { alpn: '/0k-sync/2' });
  const stream = connection.openStream();
  const received: number[] = [];
  stream.receive({ data: (bytes) => received.push(...bytes), end: () => {}, closed: () => {} });
  stream.write(Uint8Array.of(0x30, 0x4b, 9, 0));
  t.equal((await connection.closed).code, errors.UNSUPPORTED_VERSION.number);
  t.same(received, [0x30, 0x4b, 2, 0]);
});

t.test('WI-03 the preface alone decides the version, whatever the ALPN says', async (t) => {
  for (const suite of ['classical', 'hybrid'] as const) {
    const { alpn } = patterns[suite === 'hybrid' ? 'classical' : 'hybrid'];
    const client = await relay.connect('192.0.2.9', { suite, alpn });
    t.match(await client.hello(new Device()), { head: 0n }, suite);
    await client.close();
  }
});

t.test('every state of the relay’s table is one that the engine or these tests reach', async (t) => {
  t.same([...relaySession.states].sort(), [
    'authorizing',
    'claimed',
    'closed',
    'draining',
    'finishing',
    'fresh',
    'handshaking',
    'ready',
  ]);
});
