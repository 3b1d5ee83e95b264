// The client on any runtime: the provider of its primitives, two devices over QUIC, and the same device once more.
// Usage: on-a-runtime <relay> <data folder>
import { type AppTransaction, type Device, type Group, openDevice, SyncError } from '@0k-sync/client/node';
import { nobleCrypto } from '@0k-sync/core/crypto';
import { createNodeCrypto } from '@0k-sync/core/crypto/node';

const PASSPHRASE = 'correct horse battery staple';
const SEED = new Uint8Array(64).fill(7);
const KEY = SEED.subarray(0, 32);
const ARGON2ID = { memoryKib: 1024, iterations: 2, parallelism: 1 };

/** Names the primitives in which the runtime's provider differs from the portable one. SC-21. */
async function differences(): Promise<string[]> {
  const fast = await createNodeCrypto();
  const keys = { fast: fast.mlkemKeys(SEED), noble: nobleCrypto.mlkemKeys(SEED) };
  const sealed = nobleCrypto.mlkemEncapsulate(keys.noble.encapsulationKey, KEY)?.ciphertext ?? SEED;
  const results: Record<string, readonly [unknown, unknown]> = {
    mlkemKeys: [keys.fast.encapsulationKey, keys.noble.encapsulationKey],
    mlkemDecapsulate: [fast.mlkemDecapsulate(keys.fast, sealed), nobleCrypto.mlkemDecapsulate(keys.noble, sealed)],
    x25519: [fast.x25519PublicKey(KEY), nobleCrypto.x25519PublicKey(KEY)],
    ed25519: [
      fast.ed25519Sign(SEED, fast.ed25519SigningKey(KEY)),
      nobleCrypto.ed25519Sign(SEED, nobleCrypto.ed25519SigningKey(KEY)),
    ],
    chacha: [
      fast.xchachaSeal(KEY, KEY.subarray(8), SEED, KEY),
      nobleCrypto.xchachaSeal(KEY, KEY.subarray(8), SEED, KEY),
    ],
    blake3: [fast.blake3(SEED, KEY), nobleCrypto.blake3(SEED, KEY)],
    hmac: [fast.hmac('BLAKE2s', KEY, SEED), nobleCrypto.hmac('BLAKE2s', KEY, SEED)],
    hkdf: [fast.hkdf(KEY, SEED, KEY, 42), nobleCrypto.hkdf(KEY, SEED, KEY, 42)],
    argon2id: [
      fast.argon2id(KEY, SEED.subarray(0, 16), ARGON2ID, 32),
      nobleCrypto.argon2id(KEY, SEED.subarray(0, 16), ARGON2ID, 32),
    ],
  };
  return Object.keys(results).filter((name) => String(results[name]?.[0]) !== String(results[name]?.[1]));
}

/** Opens a device for as long as `use` takes. */
async function withDevice<Result>(dataDir: string, use: (device: Device) => Promise<Result>): Promise<Result> {
  const device = await openDevice({ dataDir, name: 'laptop' });
  try {
    return await use(device);
  } finally {
    await device.close();
  }
}

function groupOf({ groups: [group] }: Device): Group {
  if (group === undefined) throw new Error('the device has no group');
  return group;
}

/** Pushes text and waits until the relay has it. */
async function send(group: Group, content: string): Promise<void> {
  await group.push(content, { topic: 'notes' });
  await group.flush();
}

/** The rows that the phone has in a table of its own, after the laptop was closed and opened again between two messages. */
async function syncAndReopen(relay: string, folder: string): Promise<string[]> {
  return withDevice(`${folder}/phone`, async (phone) => {
    await withDevice(`${folder}/laptop`, async (laptop) => {
      const group = await laptop.createGroup({ relays: [relay] });
      await phone.join(await group.invite({ passphrase: PASSPHRASE }), { passphrase: PASSPHRASE });
      await send(group, 'before');
    });
    await withDevice(`${folder}/laptop`, (laptop) => send(groupOf(laptop), 'after'));
    const group = groupOf(phone);
    await group.caughtUp();
    await phone.tables.run('CREATE TABLE note (sender TEXT, text TEXT)');
    const options = { topic: 'notes', live: false } as const;
    await group.log.process<AppTransaction>(
      'notes',
      (page, tx) => {
        for (const { senderName, content } of page) tx.run('INSERT INTO note VALUES (?, ?)', senderName, content);
      },
      options,
    );
    const notes = await phone.tables.all<{ sender: string; text: string }>('SELECT * FROM note ORDER BY rowid');
    return notes.map(({ sender, text }) => `${sender}: ${text}`);
  });
}

const [relay = '', folder = 'data'] = process.argv.slice(2);
try {
  console.log(JSON.stringify({ differences: await differences(), received: await syncAndReopen(relay, folder) }));
} catch (error) {
  if (!(error instanceof SyncError)) throw error;
  console.log(JSON.stringify({ kind: error.kind, message: error.message, hint: error.hint }));
  process.exitCode = 1;
}
