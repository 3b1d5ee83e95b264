import { errors } from '@0k-sync/generated/errors';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { MailboxState } from '@0k-sync/generated/wire/pairing';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import { QuicTransport } from '@0k-sync/transport/quic';
import t, { type Test } from 'tap';
import { Group, itemOf, placeOf } from '../src/author/index.ts';
import { crypto, random } from '../src/crypto/index.ts';
import { Ended, RawClient, type RawClientConfig } from '../src/raw/index.ts';
import type { Behaviour } from '../src/relay/index.ts';
import { ScriptedRelay } from '../src/relay/index.ts';

async function start(t: Test, behaviour: Behaviour = {}) {
  const network = new MemoryNetwork();
  const relay = new ScriptedRelay({ crypto, random, transport: network.transport('relay'), behaviour });
  await relay.listen('relay');
  t.teardown(() => relay.stop());
  const connect = (options?: RawClientConfig) => RawClient.connect(network.transport(), relay.address, options);
  return { relay, connect };
}

t.test('HS-20 both suites prove the keys of the seed', async (t) => {
  const { relay, connect } = await start(t);
  for (const suite of ['classical', 'hybrid'] as const) {
    const client = await connect({ suite });
    t.same(client.nodeId, relay.keys.nodeId);
    if (suite === 'hybrid') t.same(crypto.blake3(client.mlkemKey), relay.keys.kemHash);
    await client.ping();
    await client.close();
  }
});

t.test('RL-24 RL-40 RL-44 what is pushed is pulled, and delivered live', async (t) => {
  const { connect } = await start(t);
  const group = new Group();
  const [author, reader] = [group.device(), group.device()];
  const [writing, reading] = [await connect(), await connect()];
  t.equal((await writing.hello(author)).head, 0n);
  await reading.hello(reader);
  reading.subscribe();
  t.same((await reading.expect('deliver')).segment?.envelopes, []);
  const { results } = await writing.push(author.items(3));
  t.same(
    results.map(({ cursor }) => cursor),
    [1n, 2n, 3n],
  );
  t.equal((await reading.expect('deliver')).segment?.next, 3n);
  await t.rejects(reading.pull(1, random(32)), /1040/, 'RL-42');
  t.equal((await reading.pull()).segment?.envelopes.length, 3);
});

t.test('RL-25 RL-27 repeats and conflicts', async (t) => {
  const { connect } = await start(t);
  const author = new Group().device();
  const client = await connect();
  await client.hello(author);
  const first = author.forge();
  await client.push([itemOf(first)]);
  const again = await client.push([itemOf(first)]);
  t.equal(again.results[0]?.status, PushStatus.PUSH_STATUS_DUPLICATE);
  const other = await client.push([itemOf(author.forge())]);
  t.equal(other.results[0]?.error?.code, errors.SEQUENCE_CONFLICT.number);
  t.same(placeOf(other.results[0]?.error?.conflict), { sequence: 1, hash: first.hash });
});

t.test('PA-14 PA-16 a mailbox is claimed by one token', async (t) => {
  const { connect } = await start(t);
  const host = await connect();
  await host.hello(new Group().device());
  const [mailboxId, claimToken, payload] = [random(16), random(16), random(40)];
  await host.ask({ $case: 'mailboxPut', value: { mailboxId, payload, expiresInMs: 60_000n } }, 'mailboxItem');
  const stranger = await connect();
  const claim = { $case: 'mailboxClaim', value: { mailboxId, claimToken } } as const;
  t.same((await stranger.ask(claim, 'mailboxItem')).payload, payload);
  const other = await connect();
  await t.rejects(
    other.ask({ $case: 'mailboxClaim', value: { mailboxId, claimToken: random(16) } }, 'mailboxItem'),
    /1052/,
  );
  const closed = await stranger.ask({ $case: 'mailboxAck', value: { mailboxId, claimToken } }, 'mailboxItem');
  t.equal(closed.state, MailboxState.MAILBOX_STATE_CLOSED);
});

t.test('RL-60 RL-68 a restart keeps keys, log and heads', async (t) => {
  const { relay, connect } = await start(t);
  const author = new Group().device();
  const before = await connect();
  await before.hello(author);
  await before.push(author.items(2));
  const { nodeId } = relay.keys;
  const restarted = relay.restart('TERM');
  t.equal((await before.expect('goAway')).code, errors.RELAY_SHUTTING_DOWN.number, 'SE-21');
  before.bye();
  t.equal((await before.ended).code, 0);
  await restarted;
  const after = await connect();
  t.same(after.nodeId, nodeId);
  const ack = await after.hello(author, { enrolment: false });
  t.same(placeOf(ack.ownHead), { sequence: 2, hash: author.previous });
});

t.test('hooks change what a relay says', async (t) => {
  const { connect } = await start(t, {
    answer: (reply, request) => (request.$case === 'listDevices' ? { error: 'RATE_LIMITED' } : reply),
    segment: (segment) => ({ ...segment, head: segment.head + 7n }),
    ending: (code) => (code === errors.UNEXPECTED_FRAME.number ? 'silence' : 'end'),
  });
  const client = await connect();
  await client.hello(new Group().device());
  t.equal((await client.pull()).segment?.head, 7n);
  await t.rejects(client.ask({ $case: 'listDevices', value: {} }, 'deviceList'), /2000/);
  client.send({ $case: 'ack', value: { cursor: 0n } }, 9);
  const request = client.send({ $case: 'ping', value: {} });
  await (await connect()).ping();
  t.notOk(
    client.inbox.log.some(({ frame }) => frame.requestId === request),
    'it says nothing any more',
  );
  t.equal(client.streamClosed, undefined);
});

t.test('SE-07 a violation is told before the close, over QUIC too', async (t) => {
  const relay = new ScriptedRelay({ crypto, random, transport: new QuicTransport() });
  await relay.listen();
  t.teardown(() => relay.stop());
  const client = await RawClient.connect(new QuicTransport(), relay.address);
  client.send({ $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 1 } });
  t.equal((await client.expect('error')).code, errors.UNEXPECTED_FRAME.number);
  t.equal((await client.ended).code, errors.UNEXPECTED_FRAME.number);
  await t.rejects(client.next(), Ended);
});
