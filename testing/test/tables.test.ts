import { type AppTransaction, type Message, openDevice } from '@0k-sync/client';
import { memoryTables, TestWorld } from '@0k-sync/testing';
import t from 'tap';

const SCHEMA = 'CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT NOT NULL)';
const keep = (page: readonly Message[], tx: AppTransaction) => {
  for (const { id, content } of page) tx.run('INSERT INTO note VALUES (?, ?)', id, String(content));
};

t.test('an app processes its log into tables in memory', async (t) => {
  const world = await TestWorld.create();
  const [laptop, phone] = [await openDevice(world.device('laptop')), await openDevice(world.device('phone'))];
  t.teardown(async () => {
    await Promise.all([laptop.close(), phone.close()]);
    await world.close();
  });
  const group = await laptop.createGroup({ relays: [world.relay.address] });
  const joined = await phone.join(await group.invite());
  await phone.tables.run(SCHEMA);
  for (const text of ['one', 'two']) await group.push(text);
  await group.flush();
  await joined.caughtUp();
  await joined.log.process('notes', keep, { live: false });
  await joined.log.process('notes', keep, { live: false });
  t.match(await phone.tables.all('SELECT text FROM note ORDER BY rowid'), [{ text: 'one' }, { text: 'two' }]);
  t.same((await joined.log.cursors()).length, 1);
  await t.rejects(laptop.tables.all('SELECT * FROM note'), /no such table/, 'each device has its own');
});

t.test('reads see what finished transactions have left, and a failed one leaves nothing', async (t) => {
  const tables = memoryTables();
  await tables.run(SCHEMA);
  await tables.run('CREATE INDEX by_text ON note (text)');
  await tables.run("INSERT INTO note VALUES ('a', 'before')");
  const [started, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const count = () => tables.get<{ readonly n: number }>('SELECT count(*) AS n FROM note');
  const open = tables.transaction('cursor', 1, async (tx) => {
    tx.run("INSERT INTO note VALUES ('b', 'during')");
    t.match(tx.get('SELECT count(*) AS n FROM note'), { n: 2 });
    started.resolve();
    await release.promise;
  });
  await started.promise;
  t.match(await count(), { n: 1 }, 'a read waits for no transaction');
  release.resolve();
  await open;
  t.match(await count(), { n: 2 });
  t.equal(await tables.position('cursor'), 1);
  const failing = tables.transaction('cursor', 2, async (tx) => {
    tx.run("DELETE FROM note WHERE id = 'a'");
    throw new Error('no');
  });
  await t.rejects(failing, { message: 'no' });
  t.match(await count(), { n: 2 });
  t.equal(await tables.position('cursor'), 1);
  await tables.moveCursor('cursor', 0);
  await tables.removeCursor('cursor');
  await tables.close();
  await t.rejects(count(), /is closed/);
});
