import type { PushAck } from '@0k-sync/generated/wire/frame';
import { lengthOf } from './field-writer.ts';

/** Tags of the fields of a PushAck in a Frame, in the order in which an encoder writes them. */
const REQUEST_ID = 0x08;
const PUSH_ACK = 0x22;
const RESULT = 0x0a;
const STATUS = 0x08;
const CURSOR = 0x10;
const DURABLE = 0x10;
/** A status and a cursor below 2^53 with their tags, behind their length. */
const RESULT_BYTES_MAX = 2 + 2 + 1 + 8;
/** The bytes in front of the results, at most. */
const PREFIX_BYTES_MAX = 5 + 6 + 6;

/** Writes a varint below 2^53. @returns the offset behind it */
function writeNumber(out: Uint8Array, start: number, value: number): number {
  let [position, rest] = [start, value];
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) {
    out[position] = (rest % 128) | 0x80;
    position += 1;
  }
  out[position] = rest;
  return position + 1;
}

function writeResults(out: Uint8Array, start: number, { results }: PushAck): number {
  let position = start;
  for (const { status, cursor } of results) {
    const number = Number(cursor);
    out[position] = RESULT;
    out[position + 1] = 2 + (number === 0 ? 0 : 1 + lengthOf(number));
    out[position + 2] = STATUS;
    out[position + 3] = status;
    position += 4;
    if (number === 0) continue;
    out[position] = CURSOR;
    position = writeNumber(out, position + 1, number);
  }
  return position;
}

/**
 * Writes a frame with a PushAck and its length in front, as the encoder does and ten times as fast. Undefined for one
 * with an error, or with what the encoder would leave out, which the encoder has to write.
 */
export function writePushAck(requestId: number, ack: PushAck): Uint8Array | undefined {
  const isPlain = ack.durable && ack.results.every(({ status, error }) => status > 0 && error === undefined);
  if (!isPlain || requestId === 0) return undefined;
  const out = new Uint8Array(PREFIX_BYTES_MAX + ack.results.length * RESULT_BYTES_MAX + 2);
  const results = writeResults(out, PREFIX_BYTES_MAX, ack);
  out[results] = DURABLE;
  out[results + 1] = 1;
  const end = results + 2;
  const ackBytes = end - PREFIX_BYTES_MAX;
  const bodyBytes = 1 + lengthOf(requestId) + 1 + lengthOf(ackBytes) + ackBytes;
  const start = PREFIX_BYTES_MAX - (bodyBytes - ackBytes) - lengthOf(bodyBytes);
  let position = writeNumber(out, start, bodyBytes);
  out[position] = REQUEST_ID;
  position = writeNumber(out, position + 1, requestId);
  out[position] = PUSH_ACK;
  writeNumber(out, position + 1, ackBytes);
  return out.subarray(start, end);
}
