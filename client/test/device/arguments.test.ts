import t, { type Test } from 'tap';
import { type Group, openDevice, parseRelay, SyncSession } from '../../src/index.ts';
import { syncError, typeError } from '../support/expect.ts';
import { World } from '../support/world.ts';

/** Calls what may throw or reject. */
type Call = () => unknown;

/** Values of a wrong type, for a call that takes anything. */
const wrong = <Value>(value: unknown) => value as Value;

async function fails(test: Test, name: string, call: Call, error: Error): Promise<void> {
  await test.rejects(async () => void (await call()), error, name);
}

t.test('client.md/6 an argument of a wrong type is a TypeError that names it', async (test) => {
  const world = await World.create(test);
  const device = await world.device();
  const group = await device.createGroup();
  const { session } = await world.open();
  const calls: Readonly<Record<string, Call>> = {
    'content: ': () => group.push(wrong(7)),
    'options: ': () => group.push('x', wrong('y')),
    'items: ': () => group.pushAll(wrong('x')),
    'item: ': () => group.pushAll(wrong(['x'])),
    'signal: ': () => group.push('x', { signal: wrong({}) }),
    'listener: ': () => group.subscribe(wrong(undefined)),
    'listener:': () => group.on('status', wrong('x')),
    'tofuMode: ': () => {
      group.tofuMode = wrong(true);
    },
    'invite: ': () => group.cancelInvite(wrong(undefined)),
    'passphrase: ': () => group.invite({ passphrase: wrong(12) }),
    'expiresInMs: ': () => group.invite({ expiresInMs: wrong('soon') }),
    'onProgress: ': () => group.caughtUp({ onProgress: wrong(1) }),
    'relay: ': () => group.addRelay(wrong(null)),
    'relay:': () => group.trustRelay(wrong({})),
    'id: ': () => group.queue.drop(wrong(1)),
    'id:': () => device.group(wrong(undefined)),
    'relays: ': () => device.createGroup({ relays: wrong('relay:4433') }),
    'invite:': () => device.join(wrong(new Uint8Array())),
    'afterCursor: ': () => session.pull(wrong('7')),
    'limit: ': () => session.pull(0, { limit: wrong('7') }),
    'live: ': () => session.messages({ live: wrong(0) }),
    'groupId: ': () => SyncSession.new(wrong(7), [], world.options(world.memory())),
    'relays:': () => SyncSession.new(undefined, wrong('relay'), world.options(world.memory())),
    'transport: ': () => openDevice(wrong({})),
    'name: ': () => world.device({ name: wrong(7) }),
    'mode: ': () => world.device({ mode: wrong(7) }),
    'relay: expected': () => parseRelay(wrong(7)),
  };
  for (const [message, call] of Object.entries(calls)) {
    await fails(test, message, call, typeError(new RegExp(`^${message}`)));
  }
});

t.test('client.md/6 an argument that cannot be used is a SyncError, and changes nothing', async (test) => {
  const world = await World.create(test);
  const device = await world.device();
  const group = await device.createGroup();
  const { session } = await world.open();
  const before = group.state;
  const id = '00'.repeat(16);
  await group.push('first', { id });
  const queued = await group.queue.list();
  const calls: readonly Call[] = [
    () => group.push('a\ud800b'),
    () => group.push('x', { metadata: wrong({ a: 1 }) }),
    () => group.push('x', { metadata: '\udc00' }),
    () => group.push('x', { topic: '\ud800' }),
    () => group.push('x', { id: 'short' }),
    () => group.push('second', { id }),
    () => group.pushAll([{ content: 'x' }, { content: '\ud800' }]),
    () => group.invite({ passphrase: 'weak' }),
    () => group.invite({ expiresInMs: 0 }),
    () => group.addRelay('host:0x1'),
    () => {
      group.tofuMode = wrong('lax');
    },
    () => device.group('short'),
    () => device.createGroup({ relays: ['host:0x1'] }),
    () => session.pull(-1),
    () => session.pull(Number.NaN),
    () => session.pull(0, { limit: 0 }),
    () => world.device({ mode: wrong('quantum') }),
  ];
  for (const [index, call] of calls.entries()) {
    await fails(test, `${index}: ${call}`, call, syncError({ kind: 'argument', hint: /./ }));
  }
  test.equal(group.state.unsynced, before.unsynced + 1);
  test.same(await group.queue.list(), queued);
  test.equal(group.tofuMode, 'permissive');
});

t.test('finding/A SyncSession can be extended and tested with instanceof', async (test) => {
  class Notes extends SyncSession {
    note(): string {
      return 'mine';
    }
  }
  const world = await World.create(test);
  const session = (await Notes.new(undefined, [], world.options(world.memory()))) as Notes;
  test.teardown(() => session.close());
  test.ok(session instanceof SyncSession);
  test.equal(session.note(), 'mine');
});

t.test('an option that is undefined counts as omitted', async (test) => {
  const world = await World.create(test);
  const device = await world.device(wrong({ name: undefined, mode: undefined, store: undefined, tofuMode: undefined }));
  const group: Group = await device.createGroup(wrong({ relays: undefined, signal: undefined }));
  test.equal(group.tofuMode, 'permissive');
});
