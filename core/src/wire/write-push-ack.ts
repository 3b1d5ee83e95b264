import type { Frame, PushAck, PushResult } from '@0k-sync/generated/wire/frame';
import { beginFrame, bytesLength, type FieldWriter, numberLength } from './field-writer.ts';
import { lengthOfError, writeError } from './write-error.ts';

/** Tags of the fields, in the order in which an encoder writes them: of a Frame, */
const PUSH_ACK = 0x22;
/** of a PushAck, */
const RESULT = 0x0a;
const DURABLE = 0x10;
/** and of a PushResult. */
const STATUS = 0x08;
const CURSOR = 0x10;
const ERROR = 0x1a;

/**
 * Writes a frame with a PushAck and its length in front, as the encoder does and ten times as fast. Undefined for every
 * other frame. Cursors and times are below 2^53. RL-21.
 */
export function writePushAck({ requestId, body }: Frame): Uint8Array | undefined {
  if (body?.$case !== 'pushAck') return undefined;
  const { results, durable } = body.value;
  const out = beginFrame(requestId, PUSH_ACK, lengthOfAck(body.value));
  for (const result of results) writeResult(out, result);
  out.numberField(DURABLE, durable ? 1 : 0);
  return out.bytes;
}

function lengthOfAck({ results, durable }: PushAck): number {
  let length = numberLength(durable ? 1 : 0);
  for (const result of results) length += bytesLength(lengthOfResult(result));
  return length;
}

function lengthOfResult({ status, cursor, error }: PushResult): number {
  const length = numberLength(status) + numberLength(Number(cursor));
  return error === undefined ? length : length + bytesLength(lengthOfError(error));
}

function writeResult(out: FieldWriter, result: PushResult): void {
  const { status, cursor, error } = result;
  out.begin(RESULT, lengthOfResult(result));
  out.numberField(STATUS, status);
  out.numberField(CURSOR, Number(cursor));
  if (error === undefined) return;
  out.begin(ERROR, lengthOfError(error));
  writeError(out, error);
}
