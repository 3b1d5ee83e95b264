import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { Message } from '../../src/inbound/message.ts';
import type { AppTransaction } from '../../src/log/app-tables.ts';
import { sqliteTarget } from '../../src/log/sqlite-target.ts';
import { syncError } from '../support/expect.ts';
import { LogFile } from '../support/log-file.ts';

const BATCH = { live: false } as const;

async function openFile(test: Test): Promise<LogFile> {
  const file = new LogFile(test.testdir());
  test.teardown(() => file.close());
  await file.tables.run('CREATE TABLE seen (position INTEGER, content TEXT)');
  return file;
}

function note(page: readonly Message[], tx: AppTransaction): void {
  for (const { position, content } of page) tx.run('INSERT INTO seen VALUES (?, ?)', position, String(content));
}

const seenIn = async ({ tables }: LogFile) =>
  (await tables.all<{ content: string }>('SELECT content FROM seen ORDER BY rowid')).map(({ content }) => content);

t.test('a handler gets each message once, own ones too, over several calls', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  await file.accept(1, 'two');
  await file.log.process('index', note, BATCH);
  await file.log.process('index', note, BATCH);
  await file.push('three');
  await file.log.process('index', note, BATCH);
  test.same(await seenIn(file), ['one', 'two', 'three']);
  test.same(await file.log.cursors(), [{ name: 'index', position: 3 }]);
});

t.test('a live process goes on with what comes, and ends with the group', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  const waiting = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const processed = file.log.process('index', (page, tx) => {
    note(page, tx);
    if (page.some(({ content }) => content === 'one')) waiting[0]?.resolve();
    if (page.some(({ content }) => content === 'two')) waiting[1]?.resolve();
  });
  await waiting[0]?.promise;
  await file.push('two');
  await waiting[1]?.promise;
  await file.close();
  await processed;
});

t.test('only messages of a topic are given, if one is named', async (test) => {
  const file = await openFile(test);
  for (const [content, topic] of [
    ['a', 'todos'],
    ['b', ''],
    ['c', 'todos'],
  ] as const)
    await file.push(content, topic);
  await file.log.process('todos', note, { ...BATCH, topic: 'todos' });
  test.same(await seenIn(file), ['a', 'c']);
});

t.test('a handler that throws changes nothing, and gets the same page again', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  const failure = new Error('no');
  for (const fail of [
    () => Promise.reject(failure),
    () => {
      throw failure;
    },
  ]) {
    const failing = file.log.process(
      'index',
      (page, tx) => {
        note(page, tx);
        return fail();
      },
      BATCH,
    );
    await test.rejects(failing, failure);
  }
  test.same(await seenIn(file), []);
  await file.log.process('index', note, BATCH);
  test.same(await seenIn(file), ['one']);
});

t.test('a handler that never resolves blocks nobody but its own file, until its signal aborts', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  const controller = new AbortController();
  const started = Promise.withResolvers<AppTransaction>();
  const hanging = file.log.process(
    'index',
    (page, tx) => {
      note(page, tx);
      started.resolve(tx);
      return new Promise<void>(() => {});
    },
    { signal: controller.signal },
  );
  const tx = await started.promise;
  await file.push('two');
  test.equal((await file.read()).length, 2, 'the log grows and is read');
  test.same(await seenIn(file), [], 'and what others see is what was finished');
  const reason = new Error('enough');
  controller.abort(reason);
  await test.rejects(hanging, reason);
  test.throws(() => tx.run('DELETE FROM seen'), syncError({ kind: 'argument', message: /is over/ }));
  await file.log.process('index', note, BATCH);
  test.same(await seenIn(file), ['one', 'two']);
});

t.test('a handler cannot end the transaction of the library', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  const ended = file.log.process(
    'index',
    (page, tx) => {
      note(page, tx);
      tx.run('COMMIT');
    },
    BATCH,
  );
  await test.rejects(ended, syncError({ kind: 'argument', message: /COMMIT is not for the app/ }));
  await file.log.process('index', note, BATCH);
  test.same(await seenIn(file), ['one']);
});

t.test('a handler that commits on its own connection and throws is named, and loses nothing', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  const database = new Database(':memory:');
  test.teardown(() => database.close());
  database.exec('CREATE TABLE seen (position INTEGER PRIMARY KEY, content TEXT)');
  const into = sqliteTarget(database);
  const insert = (page: readonly Message[]) => {
    for (const { position, content } of page) {
      database.prepare('REPLACE INTO seen VALUES (?, ?)').run(position, String(content));
    }
  };
  const committed = file.log.process(
    'index',
    (page) => {
      insert(page);
      database.exec('COMMIT');
    },
    {
      ...BATCH,
      into,
    },
  );
  await test.rejects(committed, syncError({ kind: 'argument', message: /ended the transaction itself/ }));
  const failure = new Error('after the commit');
  const thrown = file.log.process(
    'index',
    (page) => {
      insert(page);
      database.exec('COMMIT');
      throw failure;
    },
    { ...BATCH, into },
  );
  await test.rejects(thrown, failure);
  await file.log.process('index', insert, { ...BATCH, into });
  test.same(database.prepare('SELECT content FROM seen').pluck().all(), ['one']);
  test.match(await file.log.cursors(), [{ name: 'index', position: 1 }]);
});

t.test(
  'into the app’s own database: rows and cursor are one transaction, in better-sqlite3 and in node:sqlite',
  async (test) => {
    const { DatabaseSync } = await import('node:sqlite');
    for (const database of [new Database(':memory:'), new DatabaseSync(':memory:')]) {
      const file = new LogFile(test.testdir());
      for (const content of ['one', 'two']) await file.push(content);
      database.exec('CREATE TABLE seen (content TEXT)');
      const into = sqliteTarget(database);
      const insert = database.prepare('INSERT INTO seen VALUES (?)');
      const handler = async (page: readonly Message[]) => {
        for (const { content } of page) insert.run(String(content));
      };
      const failing = file.log.process(
        'index',
        async (page) => {
          await handler(page);
          throw new Error('no');
        },
        { ...BATCH, into },
      );
      await test.rejects(failing);
      const rows = () => database.prepare('SELECT content FROM seen').all() as { content: string }[];
      test.equal(rows().length, 0);
      await file.log.process('index', handler, { ...BATCH, into });
      test.same(
        rows().map(({ content }) => content),
        ['one', 'two'],
      );
      await file.close();
      database.close();
    }
  },
);

t.test('a full disk rejects the call and changes nothing; with more room each message comes once', async (test) => {
  const file = await openFile(test);
  await Promise.all(Array.from({ length: 300 }, (_, index) => file.push(`${index + 1}`)));
  const database = new Database(join(file.folder, 'own.sqlite'));
  test.teardown(() => database.close());
  database.exec('CREATE TABLE seen (position INTEGER, content BLOB)');
  const into = sqliteTarget(database);
  const insert = database.prepare('INSERT INTO seen VALUES (?, zeroblob(1000))');
  const handler = (page: readonly Message[]) => {
    for (const { position } of page) insert.run(position);
  };
  const limit = database.pragma('max_page_count = 40', { simple: true });
  test.equal(limit, 40);
  await test.rejects(file.log.process('index', handler, { ...BATCH, into }), { code: 'SQLITE_FULL' });
  test.equal(database.prepare('SELECT count(*) FROM seen').pluck().get(), 0);
  database.pragma('max_page_count = 10000');
  await file.log.process('index', handler, { ...BATCH, into });
  const positions = database.prepare('SELECT position FROM seen ORDER BY rowid').pluck().all();
  test.same(
    positions,
    Array.from({ length: 300 }, (_, index) => index + 1),
  );
});

t.test('a cursor is processed in one place at a time, and two cursors of one file take turns', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const first = file.log.process(
    'index',
    () => {
      started.resolve();
      return release.promise;
    },
    BATCH,
  );
  await started.promise;
  await test.rejects(
    file.log.process('index', note, BATCH),
    syncError({ kind: 'argument', message: /processed already/ }),
  );
  await test.rejects(file.log.moveCursor('index', 0), syncError({ kind: 'argument' }));
  const second = file.log.process('other', note, BATCH);
  release.resolve();
  await Promise.all([first, second]);
  test.same(await seenIn(file), ['one']);
});

t.test('a second process over the same database is told that the cursor has moved', async (test) => {
  const file = await openFile(test);
  await file.push('one');
  await file.log.process('index', note, BATCH);
  const key = (await file.tables.get<{ name: string }>('SELECT name FROM zerok_sync_cursor'))?.name ?? '';
  const database = new Database(join(file.folder, 'app.sqlite'));
  test.teardown(() => database.close());
  const other = sqliteTarget(database);
  test.equal(await other.position(key), 1);
  const again = other.transaction(key, 1, async () => {
    database.exec("INSERT INTO seen VALUES (1, 'again')");
  });
  await test.rejects(again, syncError({ kind: 'argument', message: /another process has moved it/ }));
  test.same(await seenIn(file), ['one']);
});

t.test('a moved cursor gives messages again, a removed one begins anew', async (test) => {
  const file = await openFile(test);
  for (const content of ['one', 'two']) await file.push(content);
  await file.log.process('index', note, BATCH);
  await file.log.moveCursor('index', 1);
  await file.log.process('index', note, BATCH);
  await file.log.removeCursor('index');
  test.same(await file.log.cursors(), []);
  await file.log.process('index', note, BATCH);
  test.same(await seenIn(file), ['one', 'two', 'two', 'one', 'two']);
});

t.test('wrong arguments are named', async (test) => {
  const file = await openFile(test);
  const { log } = file;
  await test.rejects(log.process('', note), syncError({ kind: 'argument', message: /name of a cursor/ }));
  await test.rejects(log.process(7 as never, note), TypeError);
  await test.rejects(log.process('index', 'no' as never), TypeError);
  await test.rejects(log.process('index', note, { topic: '\ud800' }), syncError({ kind: 'argument' }));
  await test.rejects(log.moveCursor('index', -1), syncError({ kind: 'argument' }));
  await test.rejects(log.read({ after: -1 }).next(), syncError({ kind: 'argument' }));
  await test.rejects(log.read({ after: '1' as never }).next(), TypeError);
  test.throws(() => log.unread(''), syncError({ kind: 'argument' }));
});
