import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Frame, LogSegment } from '@0k-sync/generated/wire/frame';
import { beginFrame, bytesLength, type FieldWriter, numberLength } from './field-writer.ts';

/** Tags of the fields, in the order in which an encoder writes them: of a Frame, */
const BODY = { deliver: 0x2a, page: 0x32 } as const;
/** of a Page or Deliver, */
const SEGMENT = 0x0a;
const HAS_MORE = 0x10;
/** of a LogSegment, */
const AFTER = 0x08;
const REMOVED_THROUGH = 0x10;
const ENVELOPE = 0x1a;
const NEXT = 0x20;
const HEAD = 0x28;
/** and of an Envelope. */
const HEADER = 0x0a;
const NONCE = 0x12;
const CIPHERTEXT = 0x1a;
const SIGNATURE = 0x22;
const CURSOR = 0x28;
const RECEIVED_AT_MS = 0x30;

/**
 * Writes a frame with a Page or Deliver and its length in front, as the encoder does, and copies each envelope once: the
 * encoder copies it once for each message around it. Undefined for every other frame. Throws a RangeError for a frame
 * above FRAME_BYTES_MAX. RL-40, RL-44.
 */
export function writeSegment({ requestId, body }: Frame): Uint8Array | undefined {
  if (body?.$case !== 'page' && body?.$case !== 'deliver') return undefined;
  const { segment } = body.value;
  if (segment === undefined) return undefined;
  const hasMore = body.$case === 'page' && body.value.hasMore;
  const envelopeLengths = segment.envelopes.map(lengthOfEnvelope);
  const segmentLength = lengthOfSegment(segment, envelopeLengths);
  const bodyLength = bytesLength(segmentLength) + numberLength(hasMore ? 1 : 0);
  const out = beginFrame(requestId, BODY[body.$case], bodyLength);
  out.begin(SEGMENT, segmentLength);
  writeFields(out, segment, envelopeLengths);
  out.numberField(HAS_MORE, hasMore ? 1 : 0);
  return out.bytes;
}

function lengthOfSegment({ after, removedThrough, next, head }: LogSegment, envelopes: readonly number[]): number {
  let length = 0;
  for (const cursor of [after, removedThrough, next, head]) length += numberLength(Number(cursor));
  for (const envelope of envelopes) length += bytesLength(envelope);
  return length;
}

function lengthOfEnvelope({ header, nonce, ciphertext, signature, cursor, receivedAtMs }: Envelope): number {
  let length = numberLength(Number(cursor)) + numberLength(Number(receivedAtMs));
  for (const part of [header, nonce, ciphertext, signature]) length += part.length === 0 ? 0 : bytesLength(part.length);
  return length;
}

function writeFields(out: FieldWriter, segment: LogSegment, envelopeLengths: readonly number[]): void {
  out.numberField(AFTER, Number(segment.after));
  out.numberField(REMOVED_THROUGH, Number(segment.removedThrough));
  for (const [index, envelope] of segment.envelopes.entries()) {
    out.begin(ENVELOPE, envelopeLengths[index] ?? 0);
    out.bytesField(HEADER, envelope.header);
    out.bytesField(NONCE, envelope.nonce);
    out.bytesField(CIPHERTEXT, envelope.ciphertext);
    out.bytesField(SIGNATURE, envelope.signature);
    out.numberField(CURSOR, Number(envelope.cursor));
    out.numberField(RECEIVED_AT_MS, Number(envelope.receivedAtMs));
  }
  out.numberField(NEXT, Number(segment.next));
  out.numberField(HEAD, Number(segment.head));
}
