import { MemoryStore } from './memory.ts';
import type { DeviceStore, Store } from './port.ts';

/** A device's data that ends with the process: for tests, and for apps that keep nothing on purpose. */
export class MemoryDeviceStore implements DeviceStore {
  readonly #slots = new Map<number, Store>();
  #last = 0;

  async slots(): Promise<readonly number[]> {
    return [...this.#slots.keys()];
  }

  async createSlot(): Promise<number> {
    this.#last += 1;
    this.#slots.set(this.#last, new MemoryStore());
    return this.#last;
  }

  slot(number: number): Store {
    const store = this.#slots.get(number);
    if (store === undefined) throw new RangeError(`there is no slot ${number}`);
    return store;
  }

  async removeSlot(number: number): Promise<void> {
    this.#slots.delete(number);
  }

  async close(): Promise<void> {}
}
