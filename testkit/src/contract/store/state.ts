import assert from 'node:assert/strict';
import type { Change, LogEntry } from '@0k-sync/client';
import { same } from './same.ts';
import { ANN, BOB, bytes, OTHER, RELAY, sampleLogEntry, sampleOutboxEntry, sampleQuarantined } from './samples.ts';
import type { StoreTest } from './store-test.ts';

/** Tests of the state that a client loads, and of commits as a whole. */
export function stateContract(test: StoreTest): void {
  test('an empty store has nothing', async (store) => {
    same(await store.load(), {
      seed: undefined,
      group: undefined,
      pins: [],
      progress: [],
      members: [],
      chains: [],
      held: [],
      evidence: [],
      expired: [],
      visits: [],
      outboxCount: 0,
      consumed: 0,
      head: 0,
    });
  });

  test('identity, group, pins, members and chains come back', async (store) => {
    const heads = [{ sender: BOB, sequence: 9, hash: bytes(5), stub: bytes(6, 40) }];
    const group = { groupId: bytes(3), epochSecrets: [{ epoch: 0, secret: bytes(4) }], relays: ['b:1', 'a:2'], heads };
    const pin = { address: 'b:1', nodeId: bytes(5), fixed: true };
    const member = { deviceKey: ANN, record: bytes(7, 40), name: 'Ann' };
    const chain = { sender: ANN, sequence: 4, hash: bytes(6) };
    await store.commit([
      { kind: 'identity', seed: bytes(2) },
      { kind: 'group', group },
      { kind: 'pin', pin },
      { kind: 'member', member },
      { kind: 'chain', chain: { ...chain, sequence: 3 } },
      { kind: 'chain', chain },
    ]);
    const loaded = await store.load();
    same(loaded.seed, bytes(2));
    same(loaded.group, group);
    same(loaded.pins, [pin]);
    same(loaded.members, [member]);
    same(loaded.chains, [chain]);
  });

  test('CL-29 the last session with each relay comes back', async (store) => {
    const visit = { relay: 'b:1', expiresAfterMs: 5000, seenAtMs: 7000, told: false };
    await store.commit([
      { kind: 'visit', visit },
      { kind: 'visit', visit: { ...visit, relay: 'a:2' } },
      { kind: 'visit', visit: { ...visit, seenAtMs: 9000, told: true } },
    ]);
    const { visits } = await store.load();
    assert.deepEqual(
      visits.toSorted((a, b) => (a.relay < b.relay ? -1 : 1)),
      [
        { ...visit, relay: 'a:2' },
        { ...visit, seenAtMs: 9000, told: true },
      ],
    );
  });

  test('CL-03 a commit that fails changes nothing', async (store) => {
    const progress = { relay: RELAY, cursor: 1, hash: bytes(1), enrolled: true };
    await store.commit([
      { kind: 'accept', entry: sampleLogEntry(BOB, 1) },
      { kind: 'progress', progress },
    ]);
    await assert.rejects(
      store.commit([
        { kind: 'progress', progress: { ...progress, cursor: 2 } },
        { kind: 'accept', entry: sampleLogEntry(BOB, 2) },
        { kind: 'enqueue', entry: sampleOutboxEntry(1) },
        { kind: 'consumed', position: 9 },
        { kind: 'quarantine', envelope: sampleQuarantined(1) },
        { kind: 'accept', entry: sampleLogEntry(BOB, 1) },
      ]),
    );
    const loaded = await store.load();
    same(loaded.progress, [progress]);
    assert.equal(loaded.outboxCount, 0);
    assert.equal(loaded.consumed, 0);
    assert.equal(await store.entryByHash(sampleLogEntry(BOB, 2).hash), undefined);
    same(await store.quarantined(10), []);
    await store.commit([{ kind: 'accept', entry: sampleLogEntry(BOB, 2) }]);
  });

  test('CL-01 CL-03 a commit that fails leaves nothing of its senders and relays', async (store) => {
    const [ann, bob] = [sampleLogEntry(ANN, 1), sampleLogEntry(BOB, 1)];
    const receive = (relay: string, entry: LogEntry): Change[] => [
      { kind: 'accept', entry },
      { kind: 'place', placement: { relay, cursor: 1, hash: entry.hash, receivedAtMs: 10 } },
    ];
    const enqueue: Change = { kind: 'enqueue', entry: sampleOutboxEntry(1) };
    await assert.rejects(store.commit([...receive(RELAY, bob), enqueue, enqueue]));
    await store.commit(receive(OTHER, ann));
    await store.commit(receive(RELAY, bob));
    same((await store.entryByHash(ann.hash))?.sender, ANN);
    same((await store.entryByHash(bob.hash))?.sender, BOB);
    same(await store.placedCursors(OTHER, 1, 1), [1]);
    same(
      (await store.placed(RELAY, 0, 10)).map(({ hash }) => hash),
      [bob.hash],
    );
  });

  test('CL-01 progress and placements are kept per relay', async (store) => {
    const progress = { cursor: 7, hash: bytes(1), enrolled: false };
    const placement = { relay: RELAY, receivedAtMs: 10 };
    const [first, second] = [sampleLogEntry(BOB, 1), sampleLogEntry(BOB, 2)];
    await store.commit([
      { kind: 'progress', progress: { relay: RELAY, ...progress } },
      { kind: 'progress', progress: { relay: OTHER, ...progress, cursor: 2 } },
      { kind: 'accept', entry: first },
      { kind: 'accept', entry: second },
      { kind: 'place', placement: { ...placement, cursor: 5, hash: first.hash, receivedAtMs: 50 } },
      { kind: 'place', placement: { ...placement, cursor: 4, hash: second.hash, receivedAtMs: 40 } },
      { kind: 'place', placement: { ...placement, relay: OTHER, cursor: 1, hash: first.hash } },
      { kind: 'place', placement: { ...placement, relay: OTHER, cursor: 2, hash: bytes(99) } },
    ]);
    const read = async (relay: string, cursor: number, limit = 10) =>
      (await store.placed(relay, cursor, limit)).map((entry) => [entry.cursor, entry.sequence, entry.receivedAtMs]);
    same(await read(RELAY, 0), [
      [4, 2, 40],
      [5, 1, 50],
    ]);
    same(await read(RELAY, 0, 1), [[4, 2, 40]]);
    same(await read(RELAY, 4), [[5, 1, 50]]);
    same(await read(OTHER, 0), [[1, 1, 10]], 'a place for an envelope that is not here is ignored');
    await store.commit([{ kind: 'forget-placements', relay: RELAY }]);
    same(await read(RELAY, 0), []);
    same(await read(OTHER, 0), [[1, 1, 10]]);
    assert.equal((await store.load()).progress.length, 2);
  });

  test('closing twice is harmless', async (store) => {
    await store.close();
  });
}
