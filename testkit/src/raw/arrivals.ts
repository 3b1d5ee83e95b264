import { concat } from '@0k-sync/core/bytes';
import { within } from '../time/waiting.ts';

/** Bytes that are kept, enough for a whole handshake. */
const KEPT_BYTES = 16_384;

/** The bytes of a stream as they came. */
export class Arrivals {
  /** Bytes so far. */
  count = 0;
  #kept: Uint8Array[] = [];
  readonly #waiting: { readonly bytes: number; resolve(): void }[] = [];

  take(bytes: Uint8Array): void {
    this.count += bytes.length;
    if (this.count <= KEPT_BYTES) this.#kept.push(bytes.slice());
    for (const { bytes: wanted, resolve } of this.#waiting) if (this.count >= wanted) resolve();
  }

  /** The first bytes, once there are as many or `end` has come. Rejects with TimedOut. */
  async first(bytes: number, end: Promise<unknown>, deadlineMs: number): Promise<Uint8Array> {
    if (this.count < bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push({ bytes, resolve });
      await within(Promise.race([promise, end]), `${bytes} bytes`, deadlineMs);
    }
    return concat(...this.#kept).slice(0, bytes);
  }
}
