import { wipe } from '../bytes/index.ts';

const REDACTED = '[secret]';

/** Secret bytes that neither inspection nor JSON shows, and that can be wiped. GR-11. */
export class Secret {
  readonly #bytes: Uint8Array;
  #isWiped = false;

  /** Takes the bytes over: whoever made them keeps no copy. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes themselves, not a copy; a TypeError once they are wiped. */
  reveal(): Uint8Array {
    if (this.#isWiped) throw new TypeError('this secret is wiped');
    return this.#bytes;
  }

  /** Overwrites the bytes with zeros. */
  wipe(): void {
    wipe(this.#bytes);
    this.#isWiped = true;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
