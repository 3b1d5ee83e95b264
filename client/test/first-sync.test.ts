import { type Change, MemoryStore, type Message } from '@0k-sync/client';
import { nobleCrypto as noble } from '@0k-sync/core/crypto';
import t from 'tap';
import { World } from './support/world.ts';

const SIZE = 4096;
const COUNT = 600;

/** Counts the commits that accept something. */
class CountingStore extends MemoryStore {
  commits = 0;

  override commit(changes: readonly Change[]): Promise<readonly number[]> {
    if (changes.some(({ kind }) => kind === 'accept' || kind === 'consumed')) this.commits += 1;
    return super.commit(changes);
  }
}

t.test('EN-31 CL-03 a first sync checks one signature and commits once for each page of a run', async (test) => {
  const world = await World.create(test);
  let checks = 0;
  const ed25519Verify: typeof noble.ed25519Verify = (...given) => {
    checks += 1;
    return noble.ed25519Verify(...given);
  };
  const ann = await world.open();
  const store = new CountingStore();
  const bob = await world.open({ crypto: { ...noble, ed25519Verify }, store });
  await bob.session.pairJoin(await ann.session.pair());
  await bob.session.pull();
  const author = await world.authorOf(ann);
  for (let index = 0; index < COUNT; index += 1) world.relay.group.append(author.next(new Uint8Array(SIZE)));
  const pulls = () => world.relay.requests.filter(({ $case }) => $case === 'pull').length;
  const before = pulls();
  [checks, store.commits] = [0, 0];
  await bob.session.pull();
  const pages = pulls() - before;
  test.ok(pages > 2 && pages < COUNT / 20, 'several pages of many messages each');
  test.equal(checks, pages);
  test.equal(store.commits, pages);

  store.commits = 0;
  const read: Message[] = [];
  for await (const message of bob.session.messages({ live: false })) read.push(message);
  test.equal(read.length, COUNT);
  test.ok(store.commits < COUNT / 20, 'what is read is stored page by page');
});
