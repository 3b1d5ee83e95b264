import assert from 'node:assert/strict';
import type { DeviceStore } from '@0k-sync/client';
import type { TestFunction } from '../test-function.ts';
import { same } from './same.ts';
import { BOB, bytes, RELAY, sampleLogEntry, sampleOutboxEntry, sampleQuarantined } from './samples.ts';

/**
 * Registers the tests that every implementation of the client's `DeviceStore` passes, besides those of its slots.
 * @param test registers one test with the runner
 * @param open makes an empty store; it is called once for each test, and the store is closed after it
 */
export function deviceStoreContract(test: TestFunction, open: () => Promise<DeviceStore>): void {
  const deviceTest = (title: string, body: (device: DeviceStore) => Promise<void>) =>
    void test(title, async () => {
      const device = await open();
      try {
        await body(device);
      } finally {
        await device.close();
      }
    });

  deviceTest('slots are made and removed, and a number is never used again', async (device) => {
    same(await device.slots(), []);
    const [first, second] = [await device.createSlot(), await device.createSlot()];
    same(await device.slots(), [first, second]);
    await device.removeSlot(second);
    await device.removeSlot(second);
    const third = await device.createSlot();
    same(await device.slots(), [first, third]);
    assert.ok(third !== second);
    assert.throws(() => device.slot(second), RangeError);
  });

  deviceTest('slots share nothing, even for the same group', async (device) => {
    const [one, other] = [device.slot(await device.createSlot()), device.slot(await device.createSlot())];
    const entry = sampleLogEntry(BOB, 1);
    for (const store of [one, other]) {
      same(
        await store.commit([
          { kind: 'identity', seed: bytes(3) },
          { kind: 'accept', entry },
          { kind: 'place', placement: { relay: RELAY, cursor: 1, hash: entry.hash, receivedAtMs: 1 } },
          { kind: 'enqueue', entry: sampleOutboxEntry(1) },
          { kind: 'quarantine', envelope: sampleQuarantined(1) },
        ]),
        [1, 2],
      );
    }
    await one.commit([
      { kind: 'dequeue', id: bytes(1, 16) },
      { kind: 'unquarantine', hash: bytes(1) },
      { kind: 'retract', sender: BOB, sequence: 1 },
      { kind: 'cursor', cursor: { name: 'ui', position: 1 } },
    ]);
    same(await one.messages(0, 10), []);
    assert.equal((await other.messages(0, 10)).length, 2);
    assert.equal((await other.load()).outboxCount, 1);
    assert.equal((await other.quarantined(10)).length, 1);
    assert.equal((await other.placed(RELAY, 0, 10)).length, 1);
    same(await other.cursors(), []);
  });

  deviceTest('commits of several slots in one turn fail by themselves alone', async (device) => {
    const stores = [device.slot(await device.createSlot()), device.slot(await device.createSlot())] as const;
    const enqueue = (value: number) => [{ kind: 'enqueue', entry: sampleOutboxEntry(value) }] as const;
    await stores[0].commit(enqueue(1));
    const commits = [stores[0].commit(enqueue(1)), stores[1].commit(enqueue(1)), stores[0].commit(enqueue(2))];
    const settled = await Promise.allSettled(commits);
    same(
      settled.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled'],
    );
    assert.equal((await stores[0].load()).outboxCount, 2);
    assert.equal((await stores[1].load()).outboxCount, 1);
  });

  deviceTest('a removed slot takes everything with it', async (device) => {
    const number = await device.createSlot();
    await device.slot(number).commit([{ kind: 'accept', entry: sampleLogEntry(BOB, 1) }]);
    await device.removeSlot(number);
    const store = device.slot(await device.createSlot());
    assert.equal((await store.load()).head, 0);
    same(await store.messages(0, 10), []);
    await store.commit([{ kind: 'accept', entry: sampleLogEntry(BOB, 1) }]);
  });

  deviceTest('closing twice is harmless', async (device) => {
    await device.close();
  });
}
