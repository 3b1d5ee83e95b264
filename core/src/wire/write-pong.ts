import type { Frame } from '@0k-sync/generated/wire/frame';
import { beginFrame, numberLength } from './field-writer.ts';

/** Tags of a Pong in a Frame, and of its time. */
const PONG = 0x72;
const SERVER_TIME_MS = 0x08;

/** Writes a frame with a Pong and its length in front, as the encoder does. Undefined for every other frame. SE-22. */
export function writePong({ requestId, body }: Frame): Uint8Array | undefined {
  if (body?.$case !== 'pong') return undefined;
  const time = Number(body.value.serverTimeMs);
  const out = beginFrame(requestId, PONG, numberLength(time));
  out.numberField(SERVER_TIME_MS, time);
  return out.bytes;
}
