/** Returns the length of a varint below 2^53. */
export function lengthOf(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

/** Returns the length of a number's field with a tag of one byte; 0 for 0, which an encoder leaves out. */
export function numberLength(value: number): number {
  return value === 0 ? 0 : 1 + lengthOf(value);
}

/** Returns the length of a field of so many bytes with a tag of one byte. */
export function bytesLength(length: number): number {
  return 1 + lengthOf(length) + length;
}

/** Writes fields of Protocol Buffers with tags of one byte into memory whose size was counted before. */
export class FieldWriter {
  readonly bytes: Uint8Array;
  /** The offset behind what was written. */
  position = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** Writes a varint below 2^53. */
  varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80);
    this.byte(rest);
  }

  byte(value: number): void {
    this.bytes[this.position] = value;
    this.position += 1;
  }

  /** Writes a number's field, unless it is 0. */
  numberField(tag: number, value: number): void {
    if (value === 0) return;
    this.byte(tag);
    this.varint(value);
  }

  /** Writes the tag and length of a field whose content follows. */
  begin(tag: number, length: number): void {
    this.byte(tag);
    this.varint(length);
  }

  /** Writes a field of bytes, unless it is empty. */
  bytesField(tag: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.begin(tag, value.length);
    this.bytes.set(value, this.position);
    this.position += value.length;
  }
}
