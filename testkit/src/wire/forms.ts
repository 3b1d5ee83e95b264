import { concat } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { Frame } from '@0k-sync/generated/wire/frame';

/** A varint. `bytesMin` pads it with zero groups, which no reader may take. WI-10, WI-14. */
export function varint(value: bigint | number, bytesMin = 1): Uint8Array {
  const out: number[] = [];
  for (let rest = BigInt(value); rest > 0n || out.length < bytesMin; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push((out.pop() ?? 0) & 0x7f);
  return Uint8Array.from(out);
}

/** The bytes of a field: its tag, then `payload` as it is. */
export function field(number: number, wireType: number, payload: Uint8Array): Uint8Array {
  return concat(varint((number << 3) | wireType), payload);
}

/** The bytes of a field of bytes, text or a message. */
export function lengthField(number: number, content: Uint8Array): Uint8Array {
  return field(number, 2, concat(varint(content.length), content));
}

/** A frame with its length before it, as the frame stream has it. */
export function delimited(frame: Uint8Array): Uint8Array {
  return concat(varint(frame.length), frame);
}

/** The bytes of a Frame without its length. */
export function frameBytes(body: FrameBody, requestId: number): Uint8Array {
  return Frame.encode({ requestId, body }).finish();
}

/** The bytes of `request_id`, the first field of a Frame. */
export function requestIdField(requestId: number): Uint8Array {
  return field(1, 0, varint(requestId));
}
