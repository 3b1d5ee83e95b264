import type { StoredMessage } from '../store/types.ts';

const FIRST_ITEMS = 256;
const ITEMS_MIN = 8;
const ITEMS_MAX = 512;
/** A page holds about so many bytes of plaintext. */
const PAGE_BYTES = 512 * 1024;
/** A page has at most so many times the messages of the one before, because larger messages may follow small ones. */
const GROWTH = 2;

/** Chooses the number of messages of the next page, so that pages of small messages are few and pages of large ones short. */
export class PageSize {
  #items = FIRST_ITEMS;

  /** At most this many messages make the next page. */
  get limit(): number {
    return this.#items;
  }

  /** Learns from a page that was read; an empty one tells nothing. */
  learn(page: readonly Pick<StoredMessage, 'plaintext'>[]): void {
    if (page.length === 0) return;
    const bytes = page.reduce((sum, { plaintext }) => sum + plaintext.length, 0);
    const fitting = Math.floor((PAGE_BYTES * page.length) / Math.max(bytes, 1));
    this.#items = Math.max(ITEMS_MIN, Math.min(fitting, this.#items * GROWTH, ITEMS_MAX));
  }
}
