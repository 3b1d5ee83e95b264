import { spawn } from 'node:child_process';
import { once as onceEmitted } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { STORE_FILE_NAME, SyncSession } from '@0k-sync/client/node';
import t from 'tap';
import { memoryWire, next, once, quicWire, Setting } from './support/setting.ts';

for (const makeWire of [memoryWire, quicWire]) {
  const wire = makeWire();
  t.test(`lesson/outbox-durable over ${wire.name}: a relay goes away and comes back`, async (test) => {
    const setting = await Setting.create(test, wire);
    const ann = await setting.device('ann');
    const bob = await setting.device('bob');
    await bob.pairJoin(await ann.pair());
    const incoming = bob.messages();
    await (await ann.push('before')).acknowledged;
    test.match(await next(incoming), { content: 'before' });
    const lost = once(ann, 'status', ({ connected }) => !connected);
    await setting.stopRelay();
    await lost;
    const queued = await ann.push('while it was away');
    test.equal(ann.status.unsynced, 1);
    await setting.startRelay();
    await queued.acknowledged;
    test.match(await next(incoming), { content: 'while it was away', id: queued.id });
    const pulled = await bob.pull();
    test.same(
      pulled.map(({ content }) => content),
      ['before', 'while it was away'],
      'once each',
    );
    test.equal(ann.status.unsynced, 0);
  });
}

t.test('CL-20 CL-23 t_conn_02 a client that is killed while it pushes loses and doubles nothing', async (test) => {
  const setting = await Setting.create(test, quicWire());
  const directory = test.testdirName;
  const ann = await setting.device('ann');
  const bob = await setting.device('bob');
  await bob.pairJoin(await ann.pair());
  await ann.close();
  const told: string[] = [];
  for (let kill = 1; kill <= 3; kill += 1) {
    const script = join(import.meta.dirname, 'fixtures', 'pusher.ts');
    const flags = ['--conditions=@0k-sync/source', script, join(directory, 'ann'), setting.address];
    const pusher = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = onceEmitted(pusher, 'exit');
    for await (const id of createInterface({ input: pusher.stdout })) {
      told.push(id);
      if (told.length === kill * 150) pusher.kill('SIGKILL');
    }
    test.match(await exit, [null, 'SIGKILL']);
  }
  const again = await setting.device('ann');
  if (again.status.unsynced > 0) await once(again, 'status', ({ unsynced }) => unsynced === 0);
  const received = (await bob.pull()).map(({ id }) => id);
  test.equal(new Set(received).size, received.length, 'none twice');
  const arrived = new Set(received);
  test.same(
    told.filter((id) => !arrived.has(id)),
    [],
    'none lost',
  );
});

t.test('GR-12 a data directory is used by one session at a time', async (test) => {
  const setting = await Setting.create(test, memoryWire());
  const ann = await setting.device('ann');
  await ann.pair();
  await test.rejects(setting.device('ann'), { message: /in use/ });
  await ann.close();
  const again = await setting.device('ann');
  test.ok(again.groupId);
});

t.test(
  'SyncSessionOptions.dataDir is where a session keeps its data; two lines are enough for one in Node',
  async (test) => {
    const dataDir = join(test.testdir(), 'device');
    const session = await SyncSession.new(undefined, ['127.0.0.1:1'], { dataDir });
    test.match(session.status, { connected: false, unsynced: 0 });
    test.ok(existsSync(join(dataDir, STORE_FILE_NAME)));
    await test.rejects(session.push('x'), { message: /no group/ });
    await session.close();
  },
);
