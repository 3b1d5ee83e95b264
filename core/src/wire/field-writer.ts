import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { Slab } from '../bytes/index.ts';

/** Frames are sealed in the turn in which they were written. */
const memory = new Slab();

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
    this.bytes = memory.take(length);
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
    this.append(value);
  }

  append(value: Uint8Array): void {
    this.bytes.set(value, this.position);
    this.position += value.length;
  }
}

/** The request_id of a Frame. */
const REQUEST_ID = 0x08;

/**
 * Begins a frame with its length in front; its body of `bodyLength` bytes follows. Throws a RangeError for a frame above
 * FRAME_BYTES_MAX. WI-10.
 * @param tag the tag of the body, one byte
 */
export function beginFrame(requestId: number, tag: number, bodyLength: number): FieldWriter {
  const frameLength = numberLength(requestId) + bytesLength(bodyLength);
  if (frameLength > FRAME_BYTES_MAX) throw new RangeError(`frame of ${frameLength} bytes`);
  const out = new FieldWriter(lengthOf(frameLength) + frameLength);
  out.varint(frameLength);
  out.numberField(REQUEST_ID, requestId);
  out.begin(tag, bodyLength);
  return out;
}
