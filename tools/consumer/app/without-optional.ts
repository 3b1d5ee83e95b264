// The same without any optional package: no native code and no QUIC. Prints what works and how the rest refuses.
import { MemoryStore, openDevice, SqliteStore, SyncError, SyncSession } from '@0k-sync/client/node';
import { createNodeCrypto } from '@0k-sync/core/crypto/node';
import { TestWorld } from '@0k-sync/testing';

const warnings: { readonly code: unknown; readonly message: string }[] = [];
process.on('warning', (warning) => {
  warnings.push({ code: 'code' in warning ? warning.code : undefined, message: warning.message });
});

async function syncInMemory(): Promise<unknown[]> {
  const world = await TestWorld.create({ crypto: await createNodeCrypto() });
  const laptop = await SyncSession.new(undefined, [world.relay.address], {
    ...world.device('laptop'),
    store: new MemoryStore(),
  });
  const phone = await SyncSession.new(undefined, [], { ...world.device('phone'), store: new MemoryStore() });
  await phone.pairJoin(await laptop.pair());
  await (await laptop.push('hello')).acknowledged;
  const messages = await phone.pull();
  await Promise.all([laptop.close(), phone.close()]);
  await world.close();
  return messages.map(({ content }) => content);
}

function describe(error: unknown): unknown {
  if (!(error instanceof SyncError)) return { kind: 'unexpected', message: String(error), hint: '' };
  return { kind: error.kind, message: error.message, hint: error.hint };
}

async function refusalOfQuic(): Promise<unknown> {
  const session = await SyncSession.new(undefined, ['127.0.0.1:4433'], { store: new MemoryStore() });
  try {
    return await session.pair();
  } catch (error) {
    return describe(error);
  } finally {
    await session.close();
  }
}

/** Opens a store on the SQLite of the runtime twice. */
async function storeInRuntime(): Promise<unknown> {
  const store = new SqliteStore('data-bare/client.sqlite');
  await store.commit([{ kind: 'identity', seed: new Uint8Array(32).fill(7) }]);
  await store.close();
  const again = new SqliteStore('data-bare/client.sqlite');
  const { seed } = await again.load();
  await again.close();
  return seed?.[0];
}

/** Processes a log into tables that a test world keeps in memory. */
async function processInMemory(): Promise<unknown[]> {
  const world = await TestWorld.create({ crypto: await createNodeCrypto() });
  const device = await openDevice(world.device('laptop'));
  const group = await device.createGroup();
  await device.tables.run('CREATE TABLE note (text TEXT)');
  await group.push('kept in memory');
  const insert = 'INSERT INTO note VALUES (?)';
  await group.log.process('notes', ([message], tx) => void tx.run(insert, String(message?.content)), { live: false });
  const rows = await device.tables.all<{ readonly text: string }>('SELECT text FROM note');
  await device.close();
  await world.close();
  return rows.map(({ text }) => text);
}

const received = await syncInMemory();
const notes = await processInMemory();
const quic = await refusalOfQuic();
const sqlite = await storeInRuntime();
// Node reports warnings at the end of a turn of the event loop.
await new Promise(setImmediate);
console.log(JSON.stringify({ received, warnings, quic, sqlite, notes }));
