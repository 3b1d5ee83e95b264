import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDevice } from '@0k-sync/client/node';
import t, { type Test } from 'tap';
import { AppProcess } from './support/app-process.ts';

const MESSAGES = 600;
const id = (number: number) => number.toString(16).padStart(32, '0');

t.test('GR-12 client.md/11 a second process is told who has the data directory, and harms nothing', async (t) => {
  const dataDir = join(t.testdir(), 'device');
  const first = new AppProcess(t, dataDir);
  t.match(await first.next(), { event: 'open' });
  const second = new AppProcess(t, dataDir);
  t.match(await second.next(), {
    error: { kind: 'store', message: /in use by another process/, hint: /its own data directory/ },
  });
  t.match(await first.ask({ do: 'push', id: id(1), content: 'kept' }), { position: 1 });
  await first.kill();
  const third = new AppProcess(t, dataDir);
  t.match(await third.next(), { event: 'open' }, 'a killed process holds no lock');
  t.same(await third.ask({ do: 'list' }), { contents: ['kept'] });
});

/** Two copies of a device with messages, and a database of the app. */
async function copies(t: Test) {
  const folder = t.testdir();
  const [origin, a, b] = [join(folder, 'origin'), join(folder, 'a'), join(folder, 'b')];
  const device = await openDevice({ dataDir: origin, offline: true });
  const group = await device.createGroup();
  await group.pushAll(Array.from({ length: MESSAGES }, (_, index) => ({ content: `${index}` })));
  await device.close();
  for (const copy of [a, b]) cpSync(origin, copy, { recursive: true });
  const database = join(folder, 'shared.sqlite');
  const shared = new DatabaseSync(database);
  t.teardown(() => shared.close());
  shared.exec('PRAGMA journal_mode = WAL; CREATE TABLE seen (position INTEGER)');
  return { a, b, database, shared };
}

t.test('client.md/2 two processes that share a database of the app move its cursor once', async (t) => {
  const { a, b, database, shared } = await copies(t);
  const [first, second] = [new AppProcess(t, a), new AppProcess(t, b)];
  t.match([await first.next(), await second.next()], [{ event: 'open' }, { event: 'open' }]);
  // The first one holds its transaction until the second one has read the same position.
  first.send({ do: 'process', database, waits: true });
  t.match([await first.next(), await first.next()], [{ event: 'read', position: 0 }, { event: 'handling' }]);
  second.send({ do: 'process', database, waits: false });
  t.match(await second.next(), { event: 'read', position: 0 });
  first.send({ do: 'go' });
  t.match(await second.next(), { event: 'moved', error: { kind: 'argument', hint: /goes on from there/ } });
  const handled = [await lastOf(first), await lastOf(second)];
  t.equal(
    handled.reduce((sum, count) => sum + count),
    MESSAGES,
  );
  const seen = shared.prepare('SELECT position FROM seen ORDER BY rowid').all() as { position: number }[];
  t.strictSame(
    seen.map(({ position }) => position),
    Array.from({ length: MESSAGES }, (_, index) => index + 1),
    'each message once, in order',
  );
  t.match(shared.prepare('SELECT position FROM zerok_sync_cursor').all(), [{ position: MESSAGES }]);
});

/** The number of messages that a process has handled, when it is done. */
async function lastOf(app: AppProcess): Promise<number> {
  for (;;) {
    const { event, handled } = await app.next();
    if (event === 'processed') return handled ?? 0;
  }
}
