import { QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import t, { type Test } from 'tap';
import type { Store } from '../../src/store/port.ts';
import type { HeldEnvelope, LogEntry, OutboxEntry } from '../../src/store/types.ts';

export const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);

const ANN = bytes(1);
const BOB = bytes(2);
const RELAY = 'relay-a';
const OTHER = 'relay-b';

export function logEntry(sender: Uint8Array, sequence: number, more: Partial<LogEntry> = {}): LogEntry {
  return {
    sender,
    sequence,
    hash: new Uint8Array(32).fill((sender[0] ?? 0) * 16 + sequence),
    contentType: 1,
    messageId: new Uint8Array(16).fill(sequence),
    plaintext: bytes(9, 3),
    envelope: bytes(8, 5),
    receivedAtMs: 1000 + sequence,
    own: false,
    visible: true,
    ...more,
  };
}

export function outboxEntry(fill: number): OutboxEntry {
  return { id: bytes(fill, 16), contentType: 1, plaintext: bytes(fill, 4), state: 'queued' };
}

const held = (fill: number, heldAtMs: number): HeldEnvelope => ({
  hash: bytes(fill),
  sender: BOB,
  sequence: fill,
  relay: RELAY,
  cursor: fill,
  receivedAtMs: 5,
  heldAtMs,
  reason: 'gap',
  envelope: bytes(fill, 10),
});

/** The tests that every store must pass. */
export function storeSuite(name: string, open: (test: Test) => Promise<Store>): void {
  const suite = (title: string, body: (store: Store, test: Test) => Promise<void>) =>
    t.test(`${name}: ${title}`, async (test) => {
      const store = await open(test);
      await body(store, test);
      await store.close();
    });

  suite('an empty store has nothing', async (store, test) => {
    test.same(await store.load(), {
      seed: undefined,
      group: undefined,
      pins: [],
      progress: [],
      members: [],
      chains: [],
      held: [],
      outboxCount: 0,
      consumed: 0,
    });
  });

  suite('identity, group, pins, members and chains come back', async (store, test) => {
    const heads = [{ sender: BOB, sequence: 9, hash: bytes(5) }];
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
    test.same(loaded.seed, bytes(2));
    test.same(loaded.group, group);
    test.same(loaded.pins, [pin]);
    test.same(loaded.members, [member]);
    test.same(loaded.chains, [chain]);
  });

  suite('CL-03 a commit that fails changes nothing', async (store, test) => {
    const progress = { relay: RELAY, cursor: 1, hash: bytes(1), enrolled: true };
    await store.commit([
      { kind: 'accept', entry: logEntry(BOB, 1) },
      { kind: 'progress', progress },
    ]);
    await test.rejects(
      store.commit([
        { kind: 'progress', progress: { ...progress, cursor: 2 } },
        { kind: 'accept', entry: logEntry(BOB, 2) },
        { kind: 'enqueue', entry: outboxEntry(1) },
        { kind: 'consumed', position: 9 },
        { kind: 'quarantine', envelope: { relay: RELAY, cursor: 1, rejectClass: 'x', envelope: bytes(1), atMs: 1 } },
        { kind: 'accept', entry: logEntry(BOB, 1) },
      ]),
    );
    const loaded = await store.load();
    test.same(loaded.progress, [progress]);
    test.equal(loaded.outboxCount, 0);
    test.equal(loaded.consumed, 0);
    test.equal(await store.entryByHash(logEntry(BOB, 2).hash), undefined);
    test.same(await store.quarantined(10), []);
    await store.commit([{ kind: 'accept', entry: logEntry(BOB, 2) }]);
  });

  suite('CL-01 progress and placements are kept per relay', async (store, test) => {
    const progress = { cursor: 7, hash: bytes(1), enrolled: false };
    await store.commit([
      { kind: 'progress', progress: { relay: RELAY, ...progress } },
      { kind: 'progress', progress: { relay: OTHER, ...progress, cursor: 2 } },
      { kind: 'accept', entry: logEntry(BOB, 1) },
      { kind: 'accept', entry: logEntry(BOB, 2) },
      { kind: 'place', placement: { relay: RELAY, cursor: 5, hash: logEntry(BOB, 1).hash, receivedAtMs: 50 } },
      { kind: 'place', placement: { relay: RELAY, cursor: 4, hash: logEntry(BOB, 2).hash, receivedAtMs: 40 } },
      { kind: 'place', placement: { relay: OTHER, cursor: 1, hash: logEntry(BOB, 1).hash, receivedAtMs: 10 } },
      { kind: 'place', placement: { relay: OTHER, cursor: 2, hash: bytes(99), receivedAtMs: 10 } },
    ]);
    const read = async (relay: string, cursor: number, limit = 10) =>
      (await store.placed(relay, cursor, limit)).map((entry) => [entry.cursor, entry.sequence, entry.receivedAtMs]);
    test.same(await read(RELAY, 0), [
      [4, 2, 40],
      [5, 1, 50],
    ]);
    test.same(await read(RELAY, 0, 1), [[4, 2, 40]]);
    test.same(await read(RELAY, 4), [[5, 1, 50]]);
    test.same(await read(OTHER, 0), [[1, 1, 10]], 'a place for an envelope that is not here is ignored');
    await store.commit([{ kind: 'forget-placements', relay: RELAY }]);
    test.same(await read(RELAY, 0), []);
    test.same(await read(OTHER, 0), [[1, 1, 10]]);
    test.equal((await store.load()).progress.length, 2);
  });

  suite('EN-16 EN-22 EN-23 an entry is found by hash, by sequence and by message id', async (store, test) => {
    const first = logEntry(BOB, 1);
    const repeat = logEntry(BOB, 2, { messageId: first.messageId, visible: false });
    await store.commit([
      { kind: 'accept', entry: first },
      { kind: 'accept', entry: repeat },
    ]);
    const position = (await store.entryByHash(first.hash))?.position ?? 0;
    test.same(await store.entryByHash(first.hash), { ...first, position });
    test.same((await store.entryBySequence(BOB, 2))?.hash, repeat.hash);
    test.equal(await store.entryBySequence(ANN, 2), undefined);
    test.same((await store.entryByMessageId(BOB, first.messageId))?.hash, first.hash);
    test.equal(await store.entryByMessageId(ANN, first.messageId), undefined);
  });

  suite('visible messages of others come in the order of acceptance', async (store, test) => {
    await store.commit([
      { kind: 'accept', entry: logEntry(BOB, 1) },
      { kind: 'accept', entry: logEntry(ANN, 1, { own: true }) },
      { kind: 'accept', entry: logEntry(BOB, 2, { visible: false }) },
      { kind: 'accept', entry: logEntry(BOB, 3) },
      { kind: 'accept', entry: logEntry(BOB, 4) },
    ]);
    const read = async (position: number, limit: number) => await store.unconsumed(position, limit);
    test.same(
      (await read(0, 10)).map((entry) => entry.sequence),
      [1, 3, 4],
    );
    const [first] = await read(0, 1);
    test.same(
      (await read(first?.position ?? 0, 1)).map((entry) => entry.sequence),
      [3],
    );
    await store.commit([{ kind: 'consumed', position: first?.position ?? 0 }]);
    test.equal((await store.load()).consumed, first?.position);
  });

  suite('CL-25 a retracted own entry leaves no trace in the log', async (store, test) => {
    for (const sequence of [1, 2, 3]) {
      await store.commit([{ kind: 'accept', entry: logEntry(ANN, sequence, { own: true }) }]);
    }
    await store.commit([
      { kind: 'place', placement: { relay: RELAY, cursor: 1, hash: logEntry(ANN, 2).hash, receivedAtMs: 0 } },
      { kind: 'retract', sender: ANN, sequence: 2 },
    ]);
    test.same(
      (await store.ownAbove(ANN, 0, 10)).map((entry) => entry.sequence),
      [1, 3],
    );
    test.same(
      (await store.ownAbove(ANN, 1, 1)).map((entry) => entry.sequence),
      [3],
    );
    test.same(await store.ownAbove(BOB, 0, 10), []);
    test.same(await store.placed(RELAY, 0, 10), []);
    test.equal(await store.entryByMessageId(ANN, logEntry(ANN, 2).messageId), undefined);
  });

  suite('EN-24 held envelopes come back in the order they were held', async (store, test) => {
    await store.commit([
      { kind: 'hold', held: held(4, 20) },
      { kind: 'hold', held: held(3, 10) },
      { kind: 'hold', held: held(5, 10) },
      { kind: 'release', hash: bytes(5) },
    ]);
    test.same((await store.load()).held, [held(3, 10), held(4, 20)]);
  });

  suite('EN-26 LI-29 the quarantine keeps the newest within its bound', async (store, test) => {
    const size = QUARANTINE_BYTES_MAX / 4;
    for (const cursor of [1, 2, 3, 4, 5, 6]) {
      const envelope = { relay: RELAY, cursor, rejectClass: 'envelope.auth', envelope: bytes(cursor, size), atMs: 1 };
      await store.commit([{ kind: 'quarantine', envelope }]);
    }
    const kept = await store.quarantined(10);
    test.same(
      kept.map((row) => row.cursor),
      [6, 5, 4, 3],
    );
    test.equal((await store.quarantined(1)).length, 1);
    test.equal(kept[0]?.rejectClass, 'envelope.auth');
  });

  suite('CL-20 CL-22 outbox entries keep their order and their state', async (store, test) => {
    await store.commit([1, 2, 3].map((fill) => ({ kind: 'enqueue', entry: outboxEntry(fill) }) as const));
    await test.rejects(store.commit([{ kind: 'enqueue', entry: outboxEntry(2) }]), 'an id is there once');
    await store.commit([
      { kind: 'outbox-state', id: bytes(1, 16), state: 'sealed', sequence: 7 },
      { kind: 'outbox-state', id: bytes(2, 16), state: 'sealed', sequence: 8 },
    ]);
    await store.commit([{ kind: 'outbox-state', id: bytes(1, 16), state: 'refused', refusal: 2002 }]);
    const [first, second, third] = await store.outbox(0, 10);
    test.match(first, { state: 'refused', sequence: 7, refusal: 2002 });
    test.match(second, { state: 'sealed', sequence: 8 });
    test.match(third, { state: 'queued', plaintext: bytes(3, 4) });
    await store.commit([{ kind: 'outbox-state', id: bytes(1, 16), state: 'sealed' }]);
    test.same(await store.outboxEntry(bytes(1, 16)), {
      ...outboxEntry(1),
      state: 'sealed',
      sequence: 7,
      number: first?.number,
    });
    await test.rejects(store.commit([{ kind: 'outbox-state', id: bytes(9, 16), state: 'sealed' }]));
    await store.commit([{ kind: 'dequeue', id: bytes(1, 16) }]);
    test.same(
      (await store.outbox(0, 1)).map((entry) => entry.number),
      [second?.number],
    );
    test.same(
      (await store.outbox(second?.number ?? 0, 10)).map((entry) => entry.number),
      [third?.number],
    );
    test.equal((await store.load()).outboxCount, 2);
    test.equal(await store.outboxEntry(bytes(1, 16)), undefined);
  });

  suite('closing twice is harmless', async (store) => {
    await store.close();
  });
}
