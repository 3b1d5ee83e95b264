import { wipe } from '../bytes/index.ts';

const REDACTED = '[secret]';

/** Secret bytes that can be wiped and that inspection and JSON redact. GR-11. */
export class Secret {
  readonly #bytes: Uint8Array;
  #isWiped = false;

  /** Owns the bytes from now on: the caller keeps no copy. */
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
