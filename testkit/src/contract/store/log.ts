import assert from 'node:assert/strict';
import type { LogEntry } from '@0k-sync/client';
import { EVIDENCE_ITEMS_MAX, QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import { same } from './same.ts';
import { ANN, BOB, bytes, RELAY, sampleHeld, sampleLogEntry, sampleQuarantined } from './samples.ts';
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
    const idsAbove = async (position: number, limit: number) =>
      (await store.unconsumed(position, limit)).map(({ messageId }) => messageId[0]);
    same(await idsAbove(0, 10), [1, 3, 4]);
    const [first] = await store.unconsumed(0, 1);
    same(await idsAbove(first?.position ?? 0, 1), [3]);
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
    const short = sampleLogEntry(ANN, 4, { own: true });
    await store.commit([
      { kind: 'accept', entry: short },
      { kind: 'retract', sender: ANN, sequence: 4 },
      { kind: 'place', placement: { relay: RELAY, cursor: 2, hash: short.hash, receivedAtMs: 10 } },
    ]);
    await store.commit([{ kind: 'accept', entry: sampleLogEntry(BOB, 1) }]);
    same(await store.placed(RELAY, 0, 10), [], 'another entry does not take the place of a retracted one');
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
      await store.commit([
        { kind: 'quarantine', envelope: sampleQuarantined(cursor, { envelope: bytes(cursor, size) }) },
      ]);
    }
    const kept = await store.quarantined(10);
    same(
      kept.map(({ cursor }) => cursor),
      [6, 5, 4, 3],
    );
    assert.equal((await store.quarantined(1)).length, 1);
    assert.equal(kept[0]?.rejectClass, 'envelope.auth');
  });

  test('EN-34 CL-12 a quarantined envelope is found by its hash and by its sender, and leaves', async (store) => {
    const [third, first] = [sampleQuarantined(3), sampleQuarantined(1)];
    for (const envelope of [third, first, sampleQuarantined(2, { sender: ANN })]) {
      await store.commit([{ kind: 'quarantine', envelope }]);
    }
    same(await store.quarantinedByHash(bytes(3)), third);
    same(await store.quarantinedOf(BOB), [first, third]);
    await store.commit([{ kind: 'unquarantine', hash: bytes(3) }]);
    assert.equal(await store.quarantinedByHash(bytes(3)), undefined);
    same(await store.quarantinedOf(BOB), [first]);
  });

  test('EN-23 LI-46 evidence of a sender is kept outside the quarantine, up to a bound', async (store) => {
    const fork = (sender: Uint8Array, sequence: number) =>
      ({ kind: 'evidence', evidence: { sender, sequence, first: bytes(1, 9), second: bytes(2, 9) } }) as const;
    for (let sequence = 1; sequence <= EVIDENCE_ITEMS_MAX + 3; sequence += 1) await store.commit([fork(BOB, sequence)]);
    await store.commit([fork(ANN, 1), fork(ANN, 1)]);
    const { evidence } = await store.load();
    assert.equal(evidence.length, EVIDENCE_ITEMS_MAX + 1);
    same(
      evidence.filter(({ sender }) => sender[0] === ANN[0]),
      [fork(ANN, 1).evidence],
    );
  });

  test('CL-14 what is missing is computed from what is there', async (store) => {
    for (const [sender, sequence] of [
      [BOB, 2],
      [BOB, 3],
      [BOB, 7],
      [ANN, 1],
    ] as const) {
      await store.commit([{ kind: 'accept', entry: sampleLogEntry(sender, sequence) }]);
    }
    same(await store.holes(), [
      { sender: BOB, from: 1, to: 1 },
      { sender: BOB, from: 4, to: 6 },
    ]);
    const head = { sender: BOB, sequence: 9, hash: bytes(9), stub: bytes(8, 4) };
    const expiry = { relay: RELAY, from: 1, to: 5 };
    await store.commit([
      { kind: 'head', head },
      { kind: 'expire', expiry },
    ]);
    same(await store.heads(), [head]);
    assert.equal(await store.highestSequence(BOB), 7);
    assert.equal(await store.highestSequence(bytes(9)), 0);
    same(await store.expiries(), [expiry]);
    same((await store.load()).expired, [expiry]);
  });

  test('CL-08 own entries without a cursor at a relay are found behind the last one with a cursor', async (store) => {
    const own = [1, 2, 3, 4, 5].map((sequence) => sampleLogEntry(ANN, sequence, { own: true }));
    await store.commit(own.map((entry) => ({ kind: 'accept', entry }) as const));
    await store.commit([{ kind: 'accept', entry: sampleLogEntry(BOB, 1) }]);
    const hashesOf = (...indices: readonly number[]) => indices.map((index) => own[index]?.hash);
    const unplaced = (relay: string, cursor: number, through: number, limit = 9) =>
      store.unplacedOwn(relay, cursor, { sender: ANN, through }, limit);
    same(await unplaced(RELAY, 9, 4), hashesOf(0, 1, 2, 3));
    same(await unplaced(RELAY, 9, 4, 2), hashesOf(0, 1));
    const placed = [
      [3, 1, 1],
      [8, 4, 0],
    ].map(([cursor = 0, index = 0, receivedAtMs = 0]) => {
      return {
        kind: 'place',
        placement: { relay: RELAY, cursor, hash: own[index]?.hash ?? BOB, receivedAtMs },
      } as const;
    });
    await store.commit(placed);
    same(await unplaced(RELAY, 7, 5), hashesOf(2, 3));
    same(await unplaced(RELAY, 2, 5), hashesOf(0, 2, 3));
    same(await unplaced(RELAY, 8, 5), []);
    same(await unplaced('another', 8, 5), hashesOf(0, 1, 2, 3, 4));
  });

  test('CL-08 a cursor that a PushAck told is known, and shows nothing before it is read', async (store) => {
    const [own, other] = [sampleLogEntry(ANN, 1, { own: true }), sampleLogEntry(BOB, 1)];
    const place = (cursor: number, { hash }: LogEntry, receivedAtMs: number) =>
      ({ kind: 'place', placement: { relay: RELAY, cursor, hash, receivedAtMs } }) as const;
    await store.commit([{ kind: 'accept', entry: own }, { kind: 'accept', entry: other }, place(7, other, 1)]);
    await store.commit([place(7, own, 0), place(9, own, 0)]);
    same(sequencesOf(await store.placed(RELAY, 0, 9)), [1]);
    assert.ok((await store.placedCursors(RELAY, 7, 9)).includes(7));
    await store.commit([place(8, own, 5)]);
    const read = await store.placed(RELAY, 0, 9);
    same(
      read.map(({ cursor }) => cursor),
      [7, 8],
    );
    assert.ok(!(await store.placedCursors(RELAY, 9, 9)).length, 'what was read counts');
  });

  test('EN-29 CL-08 skipped sequences and placed cursors are read in order', async (store) => {
    await store.commit([
      { kind: 'accept', entry: sampleLogEntry(BOB, 1) },
      { kind: 'accept', entry: sampleLogEntry(BOB, 2) },
      { kind: 'place', placement: { relay: RELAY, cursor: 9, hash: sampleLogEntry(BOB, 1).hash, receivedAtMs: 1 } },
      { kind: 'place', placement: { relay: RELAY, cursor: 4, hash: sampleLogEntry(BOB, 2).hash, receivedAtMs: 1 } },
      { kind: 'skip', skip: { sender: BOB, from: 5, to: 5, named: false } },
      { kind: 'skip', skip: { sender: BOB, from: 3, to: 4, named: true } },
      { kind: 'skip', skip: { sender: BOB, from: 5, to: 6, named: true } },
    ]);
    same(await store.placedCursors(RELAY, 4, 9), [4, 9]);
    same(await store.placedCursors(RELAY, 5, 8), []);
    same(await store.skipsOf(BOB), [
      { sender: BOB, from: 3, to: 4, named: true },
      { sender: BOB, from: 5, to: 6, named: true },
    ]);
    same(await store.skipsOf(ANN), []);
  });
}

function sequencesOf(entries: readonly { readonly sequence: number }[]): number[] {
  return entries.map(({ sequence }) => sequence);
}
