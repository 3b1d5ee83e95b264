import { MemoryNetwork } from '@0k-sync/transport/memory';
import t from 'tap';
import { Group } from '../src/author/index.ts';
import { crypto, random } from '../src/crypto/index.ts';
import { logged } from '../src/log/index.ts';
import type { RawEnd } from '../src/raw/index.ts';
import { RawClient, RawRelay } from '../src/raw/index.ts';
import { ScriptedRelay } from '../src/relay/index.ts';

t.test('a raw relay says what it is told to', async (t) => {
  const network = new MemoryNetwork();
  const accepted = Promise.withResolvers<RawEnd>();
  const relay = new RawRelay({ transport: network.transport('relay'), accept: accepted.resolve });
  t.teardown(() => relay.stop());
  const client = await RawClient.connect(network.transport(), await relay.listen('relay'));
  t.same(client.nodeId, relay.keys.nodeId);
  const end = await accepted.promise;
  const group = new Group();
  client.send(client.helloBody(group.device()), 4);
  t.same((await end.expect('hello')).groupId, group.id);
  end.send({ $case: 'pong', value: { serverTimeMs: 3n } }, 4);
  t.equal((await client.answer(4)).$case, 'pong');
  end.sendPlaintext(Uint8Array.of(1, 0xff));
  end.sendRaw(Uint8Array.of(0, 17, ...random(17)));
  client.send({ $case: 'bye', value: {} }, 0);
  await end.expect('bye');
  t.equal(client.failure, 'INVALID_MESSAGE');
});

t.test('a raw client leaves the handshake where it is told to', async (t) => {
  const network = new MemoryNetwork();
  const relay = new ScriptedRelay({ crypto, random, transport: network.transport('relay') });
  await relay.listen('relay');
  t.teardown(() => relay.stop());
  const asked = await RawClient.dial(network.transport(), relay.address);
  asked.sendRaw(Uint8Array.of(0x30, 0x4b, 9, 0));
  t.same(await asked.receivedRaw(4), Uint8Array.of(0x30, 0x4b, 2, 0), 'WI-02');
  t.equal((await asked.ended).code, 1010);
  const mangle = (bytes: Uint8Array, index: number) => (index === 2 ? bytes.with(40, (bytes[40] ?? 0) ^ 1) : bytes);
  const mangling = await RawClient.dial(network.transport(), relay.address, { suite: 'classical', mangle });
  mangling.begin();
  t.equal((await mangling.ended).code, 1012, 'HS-03');
});

t.test('what an end says and hears is in the log of the test that made it', async (t) => {
  const network = new MemoryNetwork();
  const relay = new ScriptedRelay({ crypto, random, transport: network.transport('relay') });
  await relay.listen('relay');
  t.teardown(() => relay.stop());
  const log: string[] = [];
  await logged(log, async () => {
    const wrong = await RawClient.dial(network.transport(), relay.address);
    wrong.sendRaw(Uint8Array.of(0x30, 0x4b, 9, 0));
    await wrong.ended;
  });
  t.strictSame(log.slice(0, 2), ['→ bytes 304b0900', '← handshake 304b0200'], 'WI-02');
  t.ok(log.includes('← the connection is closed with 1010'), log.join('\n'));
  const [first, second]: string[][] = [[], []];
  const pinging = async () => {
    const client = await RawClient.connect(network.transport(), relay.address);
    await client.hello(new Group().device());
    await client.ping();
    await client.close();
  };
  await Promise.all([logged(first ?? [], pinging), logged(second ?? [], pinging)]);
  for (const lines of [first ?? [], second ?? []]) {
    const frames = lines
      .filter((line) => line.includes(' frame '))
      .map((line) => line.split(' ').slice(0, 4).join(' '));
    t.strictSame(frames, ['→ frame 1 hello', '← frame 1 hello_ack', '→ frame 2 ping', '← frame 2 pong']);
    t.ok(lines.includes('← the handshake is done'));
  }
});

t.test('sealed records can be held back, changed and repeated', async (t) => {
  const network = new MemoryNetwork();
  const relay = new ScriptedRelay({ crypto, random, transport: network.transport('relay') });
  await relay.listen('relay');
  t.teardown(() => relay.stop());
  const client = await RawClient.connect(network.transport(), relay.address);
  const ping = Uint8Array.of(4, 8, 5, 0x6a, 0);
  const record = client.seal(ping);
  client.sendRaw(record);
  t.equal((await client.answer(5)).$case, 'pong');
  client.sendRaw(record);
  t.equal((await client.ended).code, 1017, 'WI-06');
});
