import { bytes, sampleOutboxEntry } from '@0k-sync/testkit/contract/store';
import t from 'tap';
import { Coalescer } from '../src/async/coalescer.ts';
import { MemoryStore } from '../src/store/memory.ts';
import type { Change, Store } from '../src/store/port.ts';
import type { OutboxEntry } from '../src/store/types.ts';

/** Coalesces entries into transactions of the store. */
const into = (store: Store) =>
  new Coalescer((entries: readonly OutboxEntry[]) =>
    store.commit(entries.map((entry) => ({ kind: 'enqueue', entry }) as const)),
  );

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
  const coalescer = into(store);
  await Promise.all([1, 2, 3].map((value) => coalescer.run([sampleOutboxEntry(value)])));
  test.equal(store.transactions, 1);
  await coalescer.run([sampleOutboxEntry(4)]);
  test.equal(store.transactions, 2);
});

t.test('CL-20 many in one turn are several transactions in order, and one caller has one', async (test) => {
  const store = new CountingStore();
  const coalescer = into(store);
  const entry = (value: number) => ({
    ...sampleOutboxEntry(value),
    id: new Uint8Array(new BigUint64Array([BigInt(value), 0n]).buffer),
  });
  const entries = Array.from({ length: 1200 }, (_, index) => entry(index));
  const positions = await Promise.all([
    ...entries.slice(0, 600).map((one) => coalescer.run([one])),
    coalescer.run(entries.slice(600)),
  ]);
  test.same(
    positions.flat(),
    entries.map((_, index) => index + 1),
  );
  test.equal(store.transactions, 4, 'those of 256, 256 and 88 callers, and that of one with 600 entries');
});

t.test('CL-20 a change that the store refuses fails its caller alone, and the order stays', async (test) => {
  const store = new CountingStore();
  const coalescer = into(store);
  const first = [1, 2, 1, 3].map((value) => coalescer.run([sampleOutboxEntry(value)]));
  await Promise.resolve();
  const later = coalescer.run([sampleOutboxEntry(4)]);
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
  const coalescer = into(store);
  const outcomes = await Promise.allSettled([1, 2].map((value) => coalescer.run([sampleOutboxEntry(value)])));
  test.same(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});
