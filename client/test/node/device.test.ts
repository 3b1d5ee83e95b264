import { join } from 'node:path';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { SyncSession as PortableSession } from '../../src/index.ts';
import { openDevice, SqliteDeviceStore, STORE_FILE_NAME, SyncSession } from '../../src/node/index.ts';
import { syncError } from '../support/expect.ts';
import { World } from '../support/world.ts';

t.test('a data directory holds many groups, and one process at a time uses it', async (test) => {
  const world = await World.create(test);
  const dataDir = join(test.testdir(), 'device');
  const { clock, network } = world;
  const options = { dataDir, clock, transport: network.transport('device'), crypto: world.crypto };
  const ann = await openDevice(options);
  const one = await ann.createGroup({ relays: ['relay:4433'] });
  const two = await ann.createGroup();
  await settle();
  await (await one.push('hello')).acknowledged;
  await two.push('local');
  const inUse = syncError({ kind: 'store', message: /in use/ });
  await test.rejects(openDevice(options), inUse);
  await world.shutDevice(ann);
  const again = await openDevice(options);
  test.same(
    again.groups.map(({ id, state }) => [id, state.unsynced]),
    [
      [one.id, 0],
      [two.id, 2],
    ],
  );
  await again.forgetGroup(one.id);
  await again.close();
  const store = new SqliteDeviceStore(join(dataDir, STORE_FILE_NAME));
  test.equal((await store.slots()).length, 1);
  await store.close();
  await test.rejects(openDevice({ ...options, mode: 'quantum' as never }), syncError({ kind: 'argument' }));
  await (await openDevice(options)).close();
});

t.test('a SyncSession and a device use the same data directory', async (test) => {
  const world = await World.create(test);
  const dataDir = join(test.testdir(), 'device');
  const { clock, network } = world;
  const options = { dataDir, clock, transport: network.transport('device'), crypto: world.crypto };
  const session = await SyncSession.new(undefined, ['relay:4433'], options);
  test.ok(session instanceof SyncSession, 'finding/A');
  test.ok(session instanceof PortableSession);
  await session.pair();
  const { groupId } = session;
  await session.close();
  const device = await openDevice(options);
  test.same(
    device.groups.map(({ id }) => id),
    [groupId],
  );
  await device.close();
});
