import type { Store } from './port.ts';
import type { StoredOutboxEntry } from './types.ts';

const PAGE_ITEMS = 256;

/** Reads the whole outbox in order, page by page. */
export async function* readOutbox(store: Store): AsyncGenerator<StoredOutboxEntry, void, undefined> {
  for (let after = 0; ; ) {
    const page = await store.outbox(after, PAGE_ITEMS);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}
