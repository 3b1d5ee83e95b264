import type { Store } from '@0k-sync/client';

/** Registers one test that gets an empty store, which is closed after it. */
export type StoreTest = (title: string, body: (store: Store) => Promise<void>) => void;
