import { fromHex } from '@0k-sync/core/bytes';
import { isObject, type Members } from '../zkcp/protocol.ts';

/** Reads the members of one object of a request; a member that is missing or of another type is a TypeError. */
export class Input {
  readonly #members: Members;

  constructor(members: Members) {
    this.#members = members;
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value !== 'string') throw new TypeError(`${name} is not a text`);
    return value;
  }

  /** Bytes of any length, or of exactly `length`. */
  bytes(name: string, length?: number): Uint8Array {
    const bytes = bytesOf(this.#members[name], name);
    if (length !== undefined && bytes.length !== length) throw new TypeError(`${name} is not ${length} bytes long`);
    return bytes;
  }

  optionalBytes(name: string, length?: number): Uint8Array | undefined {
    return this.has(name) ? this.bytes(name, length) : undefined;
  }

  /** A length, count or u32. */
  number(name: string): number {
    const value = this.#members[name];
    if (!Number.isSafeInteger(value) || Number(value) < 0) throw new TypeError(`${name} is not a number`);
    return value as number;
  }

  /** A u64, written as a decimal string. */
  u64(name: string): bigint {
    return u64Of(this.#members[name], name);
  }

  list(name: string): readonly unknown[] {
    const value = this.#members[name];
    if (!Array.isArray(value)) throw new TypeError(`${name} is not a list`);
    return value;
  }

  byteList(name: string): readonly Uint8Array[] {
    return this.list(name).map((value) => bytesOf(value, name));
  }

  u64List(name: string): readonly bigint[] {
    return this.list(name).map((value) => u64Of(value, name));
  }

  object(name: string): Input {
    return inputOf(this.#members[name], name);
  }

  optionalObject(name: string): Input | undefined {
    return this.has(name) ? this.object(name) : undefined;
  }

  objects(name: string): readonly Input[] {
    return this.list(name).map((value) => inputOf(value, name));
  }

  get members(): Members {
    return this.#members;
  }
}

function inputOf(value: unknown, name: string): Input {
  if (!isObject(value)) throw new TypeError(`${name} is not an object`);
  return new Input(value);
}

/** Reads lowercase hexadecimal. Throws a TypeError that names the member. */
export function bytesOf(value: unknown, name: string): Uint8Array {
  const bytes = typeof value === 'string' && !/[A-F]/.test(value) ? fromHex(value) : undefined;
  if (bytes === undefined) throw new TypeError(`${name} is not lowercase hexadecimal`);
  return bytes;
}

/** Reads a decimal string of 64 bits. Throws a TypeError that names the member. */
export function u64Of(value: unknown, name: string): bigint {
  if (typeof value !== 'string' || !/^(?:0|[1-9][0-9]{0,19})$/.test(value) || BigInt(value) >= 2n ** 64n)
    throw new TypeError(`${name} is not a u64`);
  return BigInt(value);
}
