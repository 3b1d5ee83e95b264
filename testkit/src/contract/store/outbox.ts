import assert from 'node:assert/strict';
import { same } from './same.ts';
import { bytes, sampleOutboxEntry } from './samples.ts';
import type { StoreTest } from './store-test.ts';

/** Tests of the outbox. */
export function outboxContract(test: StoreTest): void {
  test('CL-20 CL-22 outbox entries keep their order and their state', async (store) => {
    const [one, two] = [bytes(1, 16), bytes(2, 16)];
    await store.commit([1, 2, 3].map((value) => ({ kind: 'enqueue', entry: sampleOutboxEntry(value) }) as const));
    await assert.rejects(store.commit([{ kind: 'enqueue', entry: sampleOutboxEntry(2) }]));
    await store.commit([
      { kind: 'outbox-state', id: one, state: 'sealed', sequence: 7 },
      { kind: 'outbox-state', id: two, state: 'sealed', sequence: 8 },
    ]);
    await store.commit([{ kind: 'outbox-state', id: one, state: 'refused', refusal: 2002 }]);
    const [first, second, third] = await store.outbox(0, 10);
    assert.partialDeepStrictEqual(first, { state: 'refused', sequence: 7, refusal: 2002 });
    assert.partialDeepStrictEqual(second, { state: 'sealed', sequence: 8 });
    assert.equal(third?.state, 'queued');
    same(third?.plaintext, bytes(3, 4));
    await store.commit([{ kind: 'outbox-state', id: one, state: 'sealed' }]);
    const sealed = { ...sampleOutboxEntry(1), state: 'sealed', sequence: 7, number: first?.number, position: 1 };
    same(await store.outboxEntry(one), sealed, 'a refusal is forgotten with its state');
    await assert.rejects(store.commit([{ kind: 'outbox-state', id: bytes(9, 16), state: 'sealed' }]));
    await store.commit([{ kind: 'dequeue', id: one }]);
    same(numbersOf(await store.outbox(0, 1)), [second?.number]);
    same(numbersOf(await store.outbox(second?.number ?? 0, 10)), [third?.number]);
    assert.equal((await store.load()).outboxCount, 2);
    assert.equal(await store.outboxEntry(one), undefined);
  });
}

function numbersOf(entries: readonly { readonly number: number }[]): number[] {
  return entries.map(({ number }) => number);
}
