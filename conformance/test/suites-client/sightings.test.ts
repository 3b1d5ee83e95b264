import { Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { RawClient, type RawClientConfig } from '@0k-sync/testkit/raw';
import { ScriptedRelay, Sightings } from '@0k-sync/testkit/relay';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import t, { type Test } from 'tap';
import { Failed } from '../../src/model.ts';
import { sighted } from '../../src/suites/client/sighted.ts';

async function start(t: Test) {
  const network = new MemoryNetwork();
  const relay = new ScriptedRelay({ crypto, random, transport: network.transport('relay') });
  await relay.listen('relay');
  t.teardown(() => relay.stop());
  const dial = (options?: RawClientConfig) => RawClient.dial(network.transport(), relay.address, options);
  return { relay, dial };
}

/** The sightings of one client at a relay, until its connection is gone. */
async function seen(t: Test, act: (client: RawClient) => Promise<unknown>, options?: RawClientConfig) {
  const { relay, dial } = await start(t);
  const client = await dial(options);
  await act(client).catch(() => {});
  await client.close(1041);
  while (relay.sessions.size > 0) await new Promise(setImmediate);
  return relay.sightings.lines;
}

t.test('the last lines are kept, and a repeated one is counted', async (t) => {
  const sightings = new Sightings();
  for (let index = 0; index < 30; index += 1) sightings.note(`line ${index}`);
  for (const _ of [1, 2]) sightings.note('again');
  t.equal(sightings.lines.length, 20);
  t.equal(sightings.lines.at(-1), 'again (2 times)');
  sightings.clear();
  t.same(sightings.lines, []);
});

t.test('a connection without a preface', async (t) => {
  const lines = await seen(t, async () => {});
  t.same(lines, ['a connection that ended before the preface', 'connection closed by the client with 1041']);
});

t.test('a preface of another version', async (t) => {
  const lines = await seen(t, (client) => client.handshake(), {
    mangle: (bytes, index) => (index === 0 ? Uint8Array.of(0x30, 0x4b, 9, 0) : bytes),
  });
  t.same(lines.slice(0, 2), [
    'preface: version 9',
    'handshake: the other end does not speak this protocol version (1010)',
  ]);
});

t.test('a message of the handshake that does not authenticate', async (t) => {
  const lines = await seen(t, (client) => client.handshake(), {
    mangle: (bytes, index) => (index === 2 ? bytes.fill(0, -1) : bytes),
  });
  t.match(lines, ['preface: version 2', /^handshake: a handshake message does not authenticate \(\d+\)$/]);
});

t.test('a Hello whose signature does not verify, and one of an unknown device', async (t) => {
  const device = new Group().device();
  const hello = (options: Parameters<RawClient['hello']>[1]) =>
    seen(t, async (client) => {
      await client.handshake();
      await client.hello(device, options);
    });
  t.equal((await hello({ handshakeHash: random(32) }))[1], 'Hello: its signature does not verify (1002)');
  t.equal(
    (await hello({ enrolment: false }))[1],
    'Hello without Enrolment of a device that is not enrolled: refused, this device is not let in (1002)',
  );
  t.equal((await hello({}))[1], 'Hello with Enrolment of a device that is not enrolled');
});

t.test('a failure tells what the relay saw', async (t) => {
  const { relay, dial } = await start(t);
  const failure = () => sighted(new Failed('pull', 'ok', 'reject'), relay);
  t.match(failure(), { message: 'pull: expected ok, got reject; the relay saw: no QUIC connection' });
  const client = await dial();
  await client.handshake();
  await client.hello(new Group().device());
  await client.pull();
  t.match(failure(), { message: /the relay saw: preface: version 2; Hello .*; pull$/ });
  relay.sightings.clear();
  t.match(failure(), { message: /the relay saw: nothing on the open connection$/ });
  await client.close();
});
