import assert from 'node:assert/strict';
import { QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import { same } from './same.ts';
import { ANN, BOB, bytes, RELAY, sampleHeld, sampleLogEntry } from './samples.ts';
import type { StoreTest } from './store-test.ts';

/** Tests of the log: accepted envelopes, those that wait, and those that failed. */
export function logContract(test: StoreTest): void {
  test('EN-16 EN-22 EN-23 an entry is found by hash, by sequence and by message id', async (store) => {
    const first = sampleLogEntry(BOB, 1);
    const repeat = sampleLogEntry(BOB, 2, { messageId: first.messageId, visible: false });
    await store.commit([
      { kind: 'accept', entry: first },
      { kind: 'accept', entry: repeat },
    ]);
    const position = (await store.entryByHash(first.hash))?.position ?? 0;
    same(await store.entryByHash(first.hash), { ...first, position });
    same((await store.entryBySequence(BOB, 2))?.hash, repeat.hash);
    assert.equal(await store.entryBySequence(ANN, 2), undefined);
    same((await store.entryByMessageId(BOB, first.messageId))?.hash, first.hash);
    assert.equal(await store.entryByMessageId(ANN, first.messageId), undefined);
  });

  test('visible messages of others come in the order of acceptance', async (store) => {
    await store.commit([
      { kind: 'accept', entry: sampleLogEntry(BOB, 1) },
      { kind: 'accept', entry: sampleLogEntry(ANN, 1, { own: true }) },
      { kind: 'accept', entry: sampleLogEntry(BOB, 2, { visible: false }) },
      { kind: 'accept', entry: sampleLogEntry(BOB, 3) },
      { kind: 'accept', entry: sampleLogEntry(BOB, 4) },
    ]);
    same(sequencesOf(await store.unconsumed(0, 10)), [1, 3, 4]);
    const [first] = await store.unconsumed(0, 1);
    same(sequencesOf(await store.unconsumed(first?.position ?? 0, 1)), [3]);
    await store.commit([{ kind: 'consumed', position: first?.position ?? 0 }]);
    assert.equal((await store.load()).consumed, first?.position);
  });

  test('CL-25 a retracted own entry leaves no trace in the log', async (store) => {
    for (const sequence of [1, 2, 3]) {
      await store.commit([{ kind: 'accept', entry: sampleLogEntry(ANN, sequence, { own: true }) }]);
    }
    await store.commit([
      { kind: 'place', placement: { relay: RELAY, cursor: 1, hash: sampleLogEntry(ANN, 2).hash, receivedAtMs: 0 } },
      { kind: 'retract', sender: ANN, sequence: 2 },
    ]);
    same(sequencesOf(await store.ownAbove(ANN, 0, 10)), [1, 3]);
    same(sequencesOf(await store.ownAbove(ANN, 1, 1)), [3]);
    same(await store.ownAbove(BOB, 0, 10), []);
    same(await store.placed(RELAY, 0, 10), []);
    assert.equal(await store.entryByMessageId(ANN, sampleLogEntry(ANN, 2).messageId), undefined);
  });

  test('EN-24 held envelopes come back in the order they were held', async (store) => {
    await store.commit([
      { kind: 'hold', held: sampleHeld(4, 20) },
      { kind: 'hold', held: sampleHeld(3, 10) },
      { kind: 'hold', held: sampleHeld(5, 10) },
      { kind: 'release', hash: bytes(5) },
    ]);
    same((await store.load()).held, [sampleHeld(3, 10), sampleHeld(4, 20)]);
  });

  test('EN-26 LI-29 the quarantine keeps the newest within its bound', async (store) => {
    const size = QUARANTINE_BYTES_MAX / 4;
    for (const cursor of [1, 2, 3, 4, 5, 6]) {
      const envelope = { relay: RELAY, cursor, rejectClass: 'envelope.auth', envelope: bytes(cursor, size), atMs: 1 };
      await store.commit([{ kind: 'quarantine', envelope }]);
    }
    const kept = await store.quarantined(10);
    same(
      kept.map(({ cursor }) => cursor),
      [6, 5, 4, 3],
    );
    assert.equal((await store.quarantined(1)).length, 1);
    assert.equal(kept[0]?.rejectClass, 'envelope.auth');
  });
}

function sequencesOf(entries: readonly { readonly sequence: number }[]): number[] {
  return entries.map(({ sequence }) => sequence);
}
