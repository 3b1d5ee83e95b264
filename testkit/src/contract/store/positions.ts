import assert from 'node:assert/strict';
import type { Change, LogEntry, Store } from '@0k-sync/client';
import { same } from './same.ts';
import { ANN, BOB, bytes, RELAY, sampleLogEntry, sampleOutboxEntry } from './samples.ts';
import type { StoreTest } from './store-test.ts';

const accept = (entry: LogEntry): Change => ({ kind: 'accept', entry });
const enqueue = (value: number, more = {}): Change => ({
  kind: 'enqueue',
  entry: { ...sampleOutboxEntry(value), ...more },
});
const dequeue = (value: number): Change => ({ kind: 'dequeue', id: bytes(value, 16) });

/** The changes that seal the queued message `value` as Ann's envelope `sequence`. */
const seal = (value: number, sequence: number): Change[] => [
  accept(sampleLogEntry(ANN, sequence, { own: true, messageId: bytes(value, 16), plaintext: bytes(value, 4) })),
  { kind: 'outbox-state', id: bytes(value, 16), state: 'sealed', sequence },
];

const unseal = (value: number, sequence: number): Change[] => [
  { kind: 'retract', sender: ANN, sequence },
  { kind: 'outbox-state', id: bytes(value, 16), state: 'queued' },
];

const positions = async (store: Store, after = 0, limit = 100, topic?: string) =>
  (await store.messages(after, limit, topic)).map(({ position }) => position);

/** Tests of the positions of messages, and of the cursors that stand at them. */
export function positionsContract(test: StoreTest): void {
  test('messages get positions in the order of the commits, announcements and repeats get none', async (store) => {
    const repeat = sampleLogEntry(BOB, 2, { visible: false });
    const announcement = { ...sampleOutboxEntry(8), contentType: 2 };
    const given = await store.commit([
      accept(sampleLogEntry(BOB, 1)),
      accept(repeat),
      enqueue(1),
      { kind: 'enqueue', entry: announcement },
      accept(sampleLogEntry(BOB, 3)),
    ]);
    same(given, [1, 2, 3]);
    same(await store.commit([{ kind: 'consumed', position: 1 }]), []);
    same(await store.commit([enqueue(2)]), [4]);
    same(await positions(store), [1, 2, 3, 4]);
    same(await positions(store, 1, 2), [2, 3]);
    assert.equal((await store.load()).head, 4);
    assert.equal((await store.entryByHash(repeat.hash))?.position, 0);
  });

  test('CL-22 a queued message is in the log, and keeps its position when it is sealed and unsealed', async (store) => {
    same(await store.commit([enqueue(1, { topic: 'todos' }), accept(sampleLogEntry(BOB, 1)), enqueue(2)]), [1, 2, 3]);
    const [queued] = await store.messages(0, 1);
    const message = { position: 1, messageId: bytes(1, 16), topic: 'todos', plaintext: bytes(1, 4), own: true };
    assert.partialDeepStrictEqual(structuredClone(queued), message);
    assert.equal(queued?.sender.length, 0);
    same(await store.commit(seal(1, 1)), [1]);
    const [sealed] = await store.messages(0, 1);
    same(sealed?.sender, ANN);
    assert.equal((await store.entryBySequence(ANN, 1))?.position, 1);
    await store.commit(unseal(1, 1));
    assert.equal(await store.entryBySequence(ANN, 1), undefined);
    same((await store.outboxEntry(bytes(1, 16)))?.plaintext, bytes(1, 4));
    same(await positions(store), [1, 2, 3]);
    same(await store.commit([...seal(1, 5), dequeue(1)]), [1]);
    same(await positions(store), [1, 2, 3], 'an acknowledged message stays');
    same(await store.commit([accept(sampleLogEntry(BOB, 2))]), [4]);
  });

  test('CL-22 a message that is sealed as it is queued has one position in log and outbox', async (store) => {
    const more = { own: true, topic: 'todos', messageId: bytes(4, 16), plaintext: bytes(4, 4) };
    const entry = sampleLogEntry(ANN, 3, more);
    const push: Change = { kind: 'enqueue-sealed', entry };
    same(await store.commit([enqueue(1), push, enqueue(2)]), [1, 2, 3]);
    same(await store.entryBySequence(ANN, 3), { ...entry, position: 2 });
    const [, sealed] = await store.outbox(0, 10);
    const expected = { number: 2, id: bytes(4, 16), state: 'sealed', sequence: 3, position: 2, topic: 'todos' };
    assert.partialDeepStrictEqual(structuredClone(sealed), expected);
    same(sealed?.plaintext, bytes(4, 4));
    await assert.rejects(store.commit([enqueue(5), push]));
    await assert.rejects(store.commit([dequeue(4), push]), 'the log has the envelope');
    assert.equal((await store.load()).outboxCount, 3);
    await store.commit(unseal(4, 3));
    assert.equal((await store.outboxEntry(bytes(4, 16)))?.state, 'queued');
    same(await store.commit([...seal(4, 6), dequeue(4)]), [2]);
    same(await positions(store), [1, 2, 3]);
    same(await store.commit([enqueue(5)]), [4]);
  });

  test('CL-25 a message that is dropped leaves its position empty, and nobody gets it again', async (store) => {
    await store.commit([enqueue(1), enqueue(2), enqueue(3)]);
    await store.commit(seal(1, 1));
    await store.commit([dequeue(1), { kind: 'retract', sender: ANN, sequence: 1 }]);
    await store.commit([dequeue(3)]);
    same(await positions(store), [2]);
    same(await store.commit([enqueue(4)]), [4]);
  });

  test('CL-03 a commit that fails gives no position', async (store) => {
    await store.commit([enqueue(1)]);
    await assert.rejects(store.commit([accept(sampleLogEntry(BOB, 1)), enqueue(1)]));
    same(await positions(store), [1]);
    same(await store.commit([accept(sampleLogEntry(BOB, 1))]), [2]);
  });

  test('EN-36 messages are read by topic, and those of others are counted', async (store) => {
    const topic = 'todos';
    await store.commit([
      accept(sampleLogEntry(BOB, 1)),
      accept(sampleLogEntry(BOB, 2, { topic })),
      enqueue(1, { topic }),
      accept(sampleLogEntry(BOB, 3, { topic })),
    ]);
    same(await positions(store, 0, 100, topic), [2, 3, 4]);
    same(await positions(store, 2, 1, topic), [3]);
    same(await positions(store, 0, 100, ''), [1]);
    same(await positions(store, 0, 100, 'other'), []);
    assert.equal(await store.countOthers(0, 4), 3);
    assert.equal(await store.countOthers(0, 4, topic), 2);
    assert.equal(await store.countOthers(2, 4, topic), 1);
    assert.equal(await store.countOthers(0, 3, topic), 1);
  });

  test('whoever watches is told the highest position after each commit that gave one', async (store) => {
    const heads: number[] = [];
    const stop = store.watch((head) => void heads.push(head));
    await store.commit([enqueue(1), enqueue(2)]);
    await store.commit([{ kind: 'consumed', position: 1 }]);
    await assert.rejects(store.commit([enqueue(3), enqueue(1)]));
    await store.commit([accept(sampleLogEntry(BOB, 1))]);
    stop();
    await store.commit([enqueue(3)]);
    same(heads, [2, 3]);
  });

  test('named cursors are set, moved and forgotten', async (store) => {
    const cursor = (name: string, position: number): Change => ({ kind: 'cursor', cursor: { name, position } });
    same(await store.cursors(), []);
    await store.commit([cursor('ui', 3), cursor('index', 1)]);
    await store.commit([cursor('ui', 2)]);
    same(await store.cursors(), [
      { name: 'index', position: 1 },
      { name: 'ui', position: 2 },
    ]);
    await store.commit([
      { kind: 'forget-cursor', name: 'ui' },
      { kind: 'forget-cursor', name: 'none' },
    ]);
    same(await store.cursors(), [{ name: 'index', position: 1 }]);
  });

  test('EN-16 EN-28 pruning takes the content, and leaves the chain with its ids and stubs', async (store) => {
    await store.commit([accept(sampleLogEntry(BOB, 1)), enqueue(1), enqueue(2), accept(sampleLogEntry(BOB, 2))]);
    await store.commit([...seal(1, 1), ...seal(2, 2)]);
    await store.commit([dequeue(1)]);
    const placement = { relay: RELAY, cursor: 1, hash: sampleLogEntry(BOB, 1).hash, receivedAtMs: 1 };
    await store.commit([{ kind: 'place', placement }]);
    assert.equal(await store.prune(3), 2, 'what no relay has acknowledged stays');
    same(await positions(store), [3, 4]);
    const { plaintext, nonce, ...kept } = sampleLogEntry(BOB, 1);
    const pruned = await store.entryByHash(kept.hash);
    same(pruned, { ...kept, plaintext: plaintext.slice(0, 0), nonce: nonce.slice(0, 0), position: 1 });
    same((await store.entryByMessageId(BOB, kept.messageId))?.position, 1);
    same(await store.placed(RELAY, 0, 10), []);
    same(
      (await store.unconsumed(0, 10)).map(({ position }) => position),
      [4],
    );
    same(
      (await store.ownAbove(ANN, 0, 10)).map(({ sequence }) => sequence),
      [2],
    );
    assert.equal(await store.prune(3), 0);
  });

  test('a queued entry is found by its collapse key until it is sealed', async (store) => {
    await store.commit([enqueue(1, { collapseKey: 'title' }), enqueue(2)]);
    assert.partialDeepStrictEqual(await store.collapsible('title'), { number: 1, collapseKey: 'title', position: 1 });
    assert.equal(await store.collapsible('other'), undefined);
    await store.commit(seal(1, 1));
    assert.equal(await store.collapsible('title'), undefined);
  });
}
