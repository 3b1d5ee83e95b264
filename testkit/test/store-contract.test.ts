import { MemoryStore, type Store } from '@0k-sync/client';
import t from 'tap';
import { storeContract } from '../src/contract/store/index.ts';

/** The titles of the contract's tests that a store fails. */
async function failuresOf(open: () => Promise<Store>): Promise<string[]> {
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  storeContract((title, body) => void tests.push({ title, body }), open);
  const outcomes = await Promise.allSettled(tests.map(({ body }) => body()));
  return tests.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ title }) => title);
}

class NotAtomic extends MemoryStore {
  override async commit(changes: Parameters<Store['commit']>[0]): ReturnType<Store['commit']> {
    const positions = [];
    for (const change of changes) positions.push(...(await super.commit([change])));
    return positions;
  }
}

class OneRelayOnly extends MemoryStore {
  override placed(_relay: string, cursor: number, limit: number): ReturnType<Store['placed']> {
    return super.placed('relay-a', cursor, limit);
  }
}

class ForgetsSequences extends MemoryStore {
  override async outboxEntry(id: Uint8Array): ReturnType<Store['outboxEntry']> {
    const { sequence: _, ...entry } = (await super.outboxEntry(id)) ?? {};
    return entry as Awaited<ReturnType<Store['outboxEntry']>>;
  }
}

t.test('the contract passes the memory store, and fails a store for what it does wrong', async (t) => {
  t.same(await failuresOf(async () => new MemoryStore()), []);
  t.same(await failuresOf(async () => new NotAtomic()), [
    'CL-03 a commit that fails changes nothing',
    'CL-01 CL-03 a commit that fails leaves nothing of its senders and relays',
    'CL-22 a message that is sealed as it is queued has one position in log and outbox',
    'CL-03 a commit that fails gives no position',
    'whoever watches is told the highest position after each commit that gave one',
  ]);
  t.same(await failuresOf(async () => new OneRelayOnly()), ['CL-01 progress and placements are kept per relay']);
  t.same(await failuresOf(async () => new ForgetsSequences()), [
    'CL-20 CL-22 outbox entries keep their order and their state',
  ]);
});
