import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fromHex } from '@0k-sync/core/bytes';
import { nobleCrypto } from '@0k-sync/core/crypto';
import { encodeEnvelope } from '@0k-sync/core/envelope';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { Membership } from '../../src/group/membership.ts';
import { envelopeOfEntry, stubOfEntry } from '../../src/group/stored-entry.ts';
import { SyncSession } from '../../src/index.ts';
import { SqliteStore } from '../../src/node/sqlite/sqlite-store.ts';

/**
 * The data directory of a device with Ann's and Bob's messages, written by version 2 of the tables (commit 885036e), and what
 * the store of that version read from it: visible and invisible entries, a fork, a bad signature, a skip, a queue.
 */
const FIXTURE = join(import.meta.dirname, 'fixtures', '885036e');

const reviver = (_: string, value: { readonly hex?: string }) =>
  typeof value?.hex === 'string' ? fromHex(value.hex) : value;
const expected = JSON.parse(readFileSync(join(FIXTURE, 'expected.json'), 'utf8'), reviver);

function restore(test: Test): string {
  const path = join(test.testdir(), 'client.sqlite');
  writeFileSync(path, gunzipSync(readFileSync(join(FIXTURE, 'client.sqlite.gz'))), { mode: 0o600 });
  return path;
}

const plain = (value: unknown) => structuredClone(value);

t.test('nothing of a data directory of version 2 is lost', async (test) => {
  const store = new SqliteStore(restore(test));
  const { head, consumed, ...loaded } = await store.load();
  const { consumed: consumedBefore, ...before } = expected.snapshot;
  const snapshot = { ...before, visits: [] };
  const bySender = (rows: readonly { readonly sender: Uint8Array }[]) =>
    rows.toSorted((a, b) => Buffer.compare(a.sender, b.sender));
  test.strictSame(plain({ ...loaded, chains: bySender(loaded.chains) }), {
    ...snapshot,
    chains: bySender(snapshot.chains),
  });
  const visible = expected.log.filter((row: { visible: boolean }) => row.visible);
  test.equal(consumed, visible.filter((row: { position: number }) => row.position <= consumedBefore).length);
  const membership = new Membership(nobleCrypto, loaded.seed ?? random(32), loaded.group as never, loaded.members);
  for (const { position: _, envelope, ...row } of expected.log) {
    const entry = await store.entryBySequence(row.sender, row.sequence);
    if (entry === undefined) throw new TypeError(`sequence ${row.sequence} is lost`);
    test.match(plain(entry), row);
    test.strictSame(encodeEnvelope(envelopeOfEntry(nobleCrypto, membership, entry)), envelope, 'byte for byte');
    test.strictSame(stubOfEntry(membership.groupId, entry).signature, entry.signature);
  }
  const [relay] = loaded.progress;
  const placed = await store.placed(relay?.relay ?? '', 0, 1000);
  const places = expected.placed.map(({ position: _, ...place }: { position: number }) => place);
  test.match(placed, places);
  test.strictSame(await store.placedCursors(relay?.relay ?? '', 0, 1000), expected.placedCursors);
  test.strictSame(plain(await store.quarantined(100)), expected.quarantined);
  test.strictSame(plain(await store.holes()), expected.holes);
  test.strictSame(plain(await store.heads()), expected.heads);
  test.equal(head, visible.length + 2);
  await store.close();
});

t.test('positions are given in the order of the log, and behind it in the order of the queue', async (test) => {
  const store = new SqliteStore(restore(test));
  const messages = await store.messages(0, 100);
  const visible = expected.log.filter((row: { visible: boolean }) => row.visible);
  const queued = expected.outbox.filter((row: { state: string }) => row.state === 'queued');
  test.strictSame(
    messages.map(({ position }) => position),
    messages.map((_, index) => index + 1),
  );
  test.strictSame(
    messages.map(({ plaintext }) => Buffer.from(plaintext).toString('hex')),
    [...visible, ...queued].map(({ plaintext }) => Buffer.from(plaintext).toString('hex')),
  );
  const outbox = await store.outbox(0, 100);
  test.match(
    outbox.map(({ id, state, plaintext }) => ({ id: plain(id), state, plaintext: plain(plaintext) })),
    expected.outbox.map(({ id, state, plaintext }: (typeof outbox)[number]) => ({ id, state, plaintext })),
  );
  await store.close();
});

t.test('a migrated file is opened again as it is, and a session goes on with it', async (test) => {
  const path = restore(test);
  await new SqliteStore(path).close();
  const database = new Database(path);
  test.equal(database.pragma('user_version', { simple: true }), 3);
  test.equal(database.pragma('integrity_check', { simple: true }), 'ok');
  const old = database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'old%'").all();
  test.same(old, []);
  database.close();
  const transport = new MemoryNetwork().transport('device');
  const options = { transport, crypto, random, clock: new VirtualClock(), offline: true };
  const session = await SyncSession.new(undefined, [], { ...options, store: new SqliteStore(path) });
  const contents: unknown[] = [];
  for await (const { content } of session.messages({ live: false })) {
    contents.push(content);
    if (content === 'behind a gap') break;
  }
  test.strictSame(contents.slice(-4), ['fourth of Bob', 'fifth of Bob', 'sixth of Bob', 'behind a gap']);
  test.equal((await session.queue.list()).length, 2);
  await session.close();
});

t.test('CL-29 a file of version 3 that knows no visits gets them', async (test) => {
  const path = join(test.testdir(), 'client.sqlite');
  await new SqliteStore(path).close();
  const database = new Database(path);
  database.exec('DROP TABLE visit');
  database.close();
  const store = new SqliteStore(path);
  test.teardown(() => store.close());
  const visit = { relay: 'relay:4433', expiresAfterMs: 1000, seenAtMs: 5, told: true };
  await store.commit([{ kind: 'visit', visit }]);
  test.strictSame((await store.load()).visits, [visit]);
});
