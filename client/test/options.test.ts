import { nobleCrypto } from '@0k-sync/core/crypto';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { MemoryStore, type SyncSessionOptions } from '../src/index.ts';
import { syncError } from './support/expect.ts';
import { World } from './support/world.ts';

/** A session's option that counts what is called of it. */
function counted<T extends object>(value: T): { readonly counted: T; readonly calls: string[] } {
  const calls: string[] = [];
  const get = (target: T, name: string | symbol): unknown => {
    const member = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...args: unknown[]) => {
      calls.push(String(name));
      return Reflect.apply(member, target, args);
    };
  };
  return { counted: new Proxy(value, { get }), calls };
}

t.test(
  'SyncSessionOptions.transport, SyncSessionOptions.store and SyncSessionOptions.crypto are those that are used',
  async (test) => {
    const world = await World.create(test);
    const transport = counted(world.network.transport('device'));
    const store = counted(new MemoryStore());
    const crypto = counted(nobleCrypto);
    const given: Partial<SyncSessionOptions> = {
      transport: transport.counted,
      store: store.counted,
      crypto: crypto.counted,
    };
    const ann = await world.open(given);
    await ann.session.pair();
    test.ok(transport.calls.includes('connect'));
    test.ok(store.calls.includes('commit'));
    test.ok(crypto.calls.includes('ed25519Sign'));
  },
);

t.test('OV-05 GR-01 SyncSessionOptions.random: group and device come from it', async (test) => {
  const world = await World.create(test);
  const fixed = (length: number) => new Uint8Array(length).fill(7);
  const open = async () => (await world.open({ random: fixed, offline: true })).session;
  const [one, two] = [await open(), await open()];
  for (const session of [one, two]) await test.rejects(session.pair(), syncError({ kind: 'unreachable' }));
  test.ok(one.groupId);
  test.equal(one.groupId, two.groupId);
  test.equal(one.device, two.device);
});

t.test('SyncSessionOptions.clock: a message is dated by it', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const clock = { now: () => 5, monotonic: () => world.clock.monotonic(), after: world.clock.after.bind(world.clock) };
  const early = await world.reopen(ann, { clock });
  await (await early.session.push('early')).acknowledged;
  test.equal((await bob.session.pull()).at(-1)?.sentAtMs, 5);
});

t.test('CL-35 SyncSessionOptions.mode: hybrid unless the app says classical', async (test) => {
  for (const [mode, hasKemKey] of [
    [undefined, true],
    ['classical', false],
  ] as const) {
    const world = await World.create(test);
    const ann = await world.open(mode === undefined ? {} : { mode });
    await ann.session.pair();
    const { pins } = await ann.store.load();
    test.equal(pins[0]?.kemHash !== undefined, hasKemKey);
  }
});

t.test('CL-31 SyncSessionOptions.tofuMode: permissive unless the app says strict', async (test) => {
  for (const [tofuMode, state] of [
    [undefined, 'connected'],
    ['strict', 'waiting'],
  ] as const) {
    const world = await World.create(test);
    const [ann] = await world.pair();
    await world.shut(ann);
    world.relay.changeKeys();
    const again = await world.open({ store: ann.store, ...(tofuMode && { tofuMode }) });
    await again.session.pull().catch(() => {});
    test.match(again.session.status.relays, [{ state }]);
  }
});

t.test('PA-22 SyncSessionOptions.deviceName: what the others see', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const bob = await world.open({ deviceName: 'Küche' });
  await bob.session.pairJoin(await ann.session.pair());
  await settle();
  await ann.session.pull();
  test.match(ann.named('member-joined'), [{ name: 'Küche' }]);
});

t.test('SyncSessionOptions.offline: nothing is dialled', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const { connections } = world.relay;
  const offline = await world.reopen(ann, { offline: true });
  await offline.session.push('later');
  await world.clock.advance(60_000);
  test.equal(world.relay.connections, connections);
});

t.test('SyncSessionOptions.signal: the session ends with it', async (test) => {
  const world = await World.create(test);
  const controller = new AbortController();
  const ann = await world.open({ signal: controller.signal });
  await ann.session.pair();
  controller.abort();
  await settle();
  await test.rejects(async () => ann.session.push('x'), syncError({ kind: 'closed' }));
});
