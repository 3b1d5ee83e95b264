import { zBase32 } from '@0k-sync/core/bytes';
import { RECONNECT_EQUAL_MS_MAX } from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { parseRelay } from '../src/index.ts';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

const key = (fill: number) => zBase32(new Uint8Array(32).fill(fill));

t.test('CL-34 a relay is read from host:port, or with its keys before an @', async (test) => {
  test.match(parseRelay('relay.example'), {
    address: 'relay.example:4433',
    target: { host: 'relay.example', port: 4433 },
  });
  test.match(parseRelay('Relay.example:9'), { address: 'relay.example:9' });
  test.match(parseRelay('[::1]:5000'), { address: '[::1]:5000', target: { host: '::1', port: 5000 } });
  test.match(parseRelay('[fe80::1]'), { address: '[fe80::1]:4433' });
  const nodeId = new Uint8Array(32).fill(1);
  test.same(parseRelay(`${key(1)}@h:1`).pin, { address: 'h:1', nodeId, fixed: true });
  test.same(parseRelay(`${'01'.repeat(32)}@h:1`).pin, { address: 'h:1', nodeId, fixed: true });
  test.same(parseRelay(`${key(1)}.${key(2)}@h`).pin?.kemHash, new Uint8Array(32).fill(2));
  for (const text of [
    '',
    ':1',
    'h:0',
    'h:65536',
    'h:x',
    'a b',
    '::1',
    '[::1',
    'x@h',
    `${key(1)}.@h`,
    `${key(1)}.${key(2)}.${key(3)}@h`,
  ]) {
    test.throws(() => parseRelay(text), syncError({ kind: 'argument', code: 1050 }), text);
  }
});

t.test('CL-33 a pin is completed by the first hybrid session and the first HelloAck', async (test) => {
  const world = await World.create(test);
  const classical = await world.open({ mode: 'classical' });
  await classical.session.pair();
  test.match(classical.session.trustedRelays, [{ relay: 'relay:4433', fixed: false }]);
  test.equal(classical.session.trustedRelays[0]?.kemHash, undefined);
  const [pin] = (await classical.store.load()).pins;
  test.same(pin?.signingKey, world.relay.keys.signingKey);
  const hybrid = await world.reopen(classical, { mode: 'hybrid' });
  await settle();
  test.equal(hybrid.session.trustedRelays[0]?.kemHash?.length, 52);
  test.same(hybrid.named('relay-key-changed'), []);
});

t.test('CL-31 permissive warns, reports and stores the new keys', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  await ann.session.pair();
  const [before] = ann.session.trustedRelays;
  world.relay.changeKeys();
  const again = await world.reopen(ann);
  test.equal(again.session.tofuMode, 'permissive');
  await settle();
  const [after] = again.session.trustedRelays;
  test.not(after?.nodeId, before?.nodeId);
  test.match(again.named('relay-key-changed'), [
    {
      relay: 'relay:4433',
      before: `${before?.nodeId}.${before?.kemHash}`,
      after: `${after?.nodeId}.${after?.kemHash}`,
      accepted: true,
    },
  ]);
  test.equal(again.session.status.connected, true);
  const third = await world.reopen(again);
  await settle();
  test.same(third.named('relay-key-changed'), [], 'stored');
});

t.test('CL-31 strict refuses a relay whose keys changed, names both, and asks it again', async (test) => {
  const world = await World.create(test);
  const ann = await world.open({ tofuMode: 'strict' });
  await ann.session.pair();
  await settle();
  world.relay.changeKeys();
  const requests = world.relay.requests.length;
  const again = await world.reopen(ann, { tofuMode: 'strict' });
  const receipt = await again.session.push('not for them');
  await test.rejects(receipt.acknowledged, syncError({ kind: 'identity', code: 1015, relay: 'relay:4433' }));
  test.match(again.named('relay-key-changed'), [{ accepted: false }]);
  await world.clock.advance(300_000);
  test.match(again.session.status.relays, [{ error: { hint: /call trustRelay\(\) with the new ones/ } }]);
  test.equal(again.named('relay-key-changed').length, 1, 'once per change, however often it is tried');
  world.relay.changeKeys();
  await world.clock.advance(RECONNECT_EQUAL_MS_MAX);
  test.equal(again.named('relay-key-changed').length, 2, 'a further change is told');
  test.equal(world.relay.requests.length, requests, 'CL-30 before message 3: no request got there');
  test.equal(again.session.status.unsynced, 1);

  await again.session.trustRelay('relay:4433');
  test.same(texts(await again.session.pull()), [], 'trusted by hand');
  await settle();
  test.equal(again.session.status.unsynced, 0);
  again.session.tofuMode = 'permissive';
  test.equal(again.session.tofuMode, 'permissive');
});

t.test('CL-32 a pin from an invite or nodeid@ is checked strictly also in permissive mode', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  test.match(bob.session.trustedRelays, [{ fixed: true }]);
  const [pin] = ann.session.trustedRelays;
  world.relay.changeKeys();
  const invited = await world.reopen(bob);
  await settle();
  test.match(invited.session.status.relays, [{ state: 'waiting', error: { code: 1015 } }]);
  test.same(
    (await invited.store.load()).pins.map(({ fixed }) => fixed),
    [true],
  );
  const named = await world.open({}, [`${pin?.nodeId}.${pin?.kemHash}@relay:4433`]);
  await test.rejects(named.session.pair(), syncError({ kind: 'identity', code: 1015 }));
  const wrongKem = await world.open({}, [`${pin?.nodeId}.${key(9)}@relay:4433`]);
  await test.rejects(wrongKem.session.pair(), syncError({ kind: 'identity', code: 1015 }));
});

t.test('CL-33 a relay with another signing key is another relay', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const signingKey = world.random(32);
  world.relay.behaviour.hello = (helloAck) => ({ ...helloAck, signingKey });
  const strict = await world.reopen(ann, { tofuMode: 'strict' });
  const fixed = await world.reopen(bob);
  await settle();
  test.match(strict.session.status.relays, [{ state: 'waiting', error: { code: 1015 } }]);
  test.match(fixed.session.status.relays, [{ state: 'waiting', error: { code: 1015 } }]);
});

t.test('HS-13 CL-35 a relay whose KEM key is known is not dialled without it', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  test.equal(ann.session.mode, 'hybrid');
  await ann.session.pair();
  const connections = world.relay.connections;
  const again = await world.reopen(ann, { mode: 'classical' });
  await test.rejects(again.session.pull(), syncError({ kind: 'identity', code: 1016 }));
  test.equal(world.relay.connections, connections);
});

t.test('CL-30 HS-21 a relay with the known NodeId and another KEM key is another relay', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  await ann.session.pair();
  const [pin] = ann.session.trustedRelays;
  const bob = await world.open({}, [`${pin?.nodeId}.${key(9)}@relay:4433`]);
  await test.rejects(bob.session.pair(), syncError({ kind: 'identity', code: 1015 }));
  const carol = await world.open({}, [`${pin?.nodeId}.${pin?.kemHash}@relay:4433`]);
  test.match(await carol.session.pair(), /^0ksync:/);
});

t.test('CL-33 a pin that a session is opened with stays as complete as earlier sessions made it', async (test) => {
  const world = await World.create(test);
  const first = await world.open();
  await first.session.pair();
  const { nodeId } = first.session.trustedRelays[0] ?? {};
  const named = [`${nodeId}@relay:4433`];
  const ann = await world.open({}, named);
  await ann.session.pair();
  const [complete] = (await ann.store.load()).pins;
  test.equal(complete?.kemHash?.length, 32);
  await world.shut(ann);
  const again = await world.open({ store: ann.store }, named);
  test.same(again.session.trustedRelays[0]?.kemHash, zBase32(complete?.kemHash ?? new Uint8Array()));
  const [pin] = (await again.store.load()).pins;
  test.same(pin, complete);
  await world.shut(again);
  const other = await world.open({ store: ann.store }, [`${key(9)}@relay:4433`]);
  test.match(other.session.trustedRelays, [{ nodeId: key(9), kemHash: undefined }], 'what was known was of another');
});
