import { bytes, sampleOutboxEntry } from '@0k-sync/testkit/contract/store';
import t from 'tap';
import { Coalescer } from '../../src/store/coalescer.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Change, Store } from '../../src/store/port.ts';

const enqueue = (value: number): readonly Change[] => [{ kind: 'enqueue', entry: sampleOutboxEntry(value) }];

/** A store that counts its transactions. */
class CountingStore extends MemoryStore {
  transactions = 0;

  override commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    this.transactions += 1;
    return super.commit(changes);
  }
}

const idsIn = async (store: Store) => (await store.outbox(0, 10)).map(({ id }) => id);

t.test('CL-20 the changes of one turn share a transaction', async (test) => {
  const store = new CountingStore();
  const coalescer = new Coalescer(store);
  await Promise.all([1, 2, 3].map((value) => coalescer.commit(enqueue(value))));
  test.equal(store.transactions, 1);
  await coalescer.commit(enqueue(4));
  test.equal(store.transactions, 2);
});

t.test('CL-20 a change that the store refuses fails its caller alone, and the order stays', async (test) => {
  const store = new CountingStore();
  const coalescer = new Coalescer(store);
  const first = [1, 2, 1, 3].map((value) => coalescer.commit(enqueue(value)));
  await Promise.resolve();
  const later = coalescer.commit(enqueue(4));
  const outcomes = await Promise.allSettled([...first, later]);
  test.same(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  test.same(
    await idsIn(store),
    [1, 2, 3, 4].map((value) => bytes(value, 16)),
  );
});

t.test('CL-20 a store that fails for all rejects all', async (test) => {
  const store = new CountingStore();
  store.commit = () => Promise.reject(new Error('the disk is full'));
  const coalescer = new Coalescer(store);
  const outcomes = await Promise.allSettled([1, 2].map((value) => coalescer.commit(enqueue(value))));
  test.same(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});
