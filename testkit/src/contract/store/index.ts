import type { Store } from '@0k-sync/client';
import type { TestFunction } from '../test-function.ts';
import { logContract } from './log.ts';
import { outboxContract } from './outbox.ts';
import { positionsContract } from './positions.ts';
import { stateContract } from './state.ts';
import type { StoreTest } from './store-test.ts';

export type { TestFunction } from '../test-function.ts';
export { deviceStoreContract } from './device.ts';
export { bytes, sampleHeld, sampleLogEntry, sampleOutboxEntry } from './samples.ts';

/**
 * Registers the tests that every implementation of the client's `Store` passes.
 * @param test registers one test with the runner
 * @param open makes an empty store; it is called once for each test, and the store is closed after it
 */
export function storeContract(test: TestFunction, open: () => Promise<Store>): void {
  const storeTest: StoreTest = (title, body) =>
    void test(title, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  stateContract(storeTest);
  logContract(storeTest);
  outboxContract(storeTest);
  positionsContract(storeTest);
}
