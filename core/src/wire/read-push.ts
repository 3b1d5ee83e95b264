import { PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Frame, PushItem } from '@0k-sync/generated/wire/frame';

/** Tags of the fields of a Push in a Frame, in the order in which an encoder writes them. */
const REQUEST_ID = 0x08;
const PUSH = 0x1a;
const ITEM = 0x0a;
const ENVELOPE = 0x0a;
const SKIP = 0x10;
const HEADER = 0x0a;
const NONCE = 0x12;
const CIPHERTEXT = 0x1a;
const SIGNATURE = 0x22;
const NONCE_BYTES = 24;
const SIGNATURE_BYTES = 64;
const NOWHERE = -1;

/** The length or number that `readNumber` found, which it returns beside the offset behind it. */
let found = 0;

/** Reads a minimal varint above 0 of at most 4 bytes. @returns the offset behind it, or NOWHERE */
function readNumber(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return NOWHERE;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      found = value;
      return byte === 0 ? NOWHERE : start + index + 1;
    }
  }
  return NOWHERE;
}

function isFound(length: number): boolean {
  return found === length;
}

/** Reads a tag and the number behind it. @returns the offset behind both, or NOWHERE */
function readField(bytes: Uint8Array, start: number, tag: number): number {
  return start !== NOWHERE && bytes[start] === tag ? readNumber(bytes, start + 1) : NOWHERE;
}

/** Reads an envelope that fills `start` to `end`; undefined for another one. */
function readEnvelope(bytes: Uint8Array, start: number, end: number): Envelope | undefined {
  const header = readField(bytes, start, HEADER);
  const headerEnd = header + found;
  const nonce = header === NOWHERE ? NOWHERE : readField(bytes, headerEnd, NONCE);
  if (nonce === NOWHERE || !isFound(NONCE_BYTES)) return undefined;
  const ciphertext = readField(bytes, nonce + NONCE_BYTES, CIPHERTEXT);
  const ciphertextEnd = ciphertext + found;
  const signature = ciphertext === NOWHERE ? NOWHERE : readField(bytes, ciphertextEnd, SIGNATURE);
  if (signature === NOWHERE || !isFound(SIGNATURE_BYTES) || signature + SIGNATURE_BYTES !== end) return undefined;
  return {
    header: bytes.subarray(header, headerEnd),
    nonce: bytes.subarray(nonce, nonce + NONCE_BYTES),
    ciphertext: bytes.subarray(ciphertext, ciphertextEnd),
    signature: bytes.subarray(signature, end),
    cursor: 0n,
    receivedAtMs: 0n,
  };
}

/** Reads an item that fills `start` to `end`; undefined for another one. */
function readItem(bytes: Uint8Array, start: number, end: number): PushItem | undefined {
  const content = readField(bytes, start, ENVELOPE);
  if (content === NOWHERE) return undefined;
  const contentEnd = content + found;
  const skip = contentEnd === end - 2 && bytes[contentEnd] === SKIP && bytes[contentEnd + 1] === 1;
  if (!skip && contentEnd !== end) return undefined;
  const envelope = readEnvelope(bytes, content, contentEnd);
  return envelope === undefined ? undefined : { envelope, skip };
}

/**
 * Reads a Push by the places of its fields, a fifth of the cost of the walk. It reads only what an encoder writes, byte
 * for byte, and answers undefined for everything else, which then is the strict walk's to judge. WI-13.
 */
export function readPush(bytes: Uint8Array): Frame | undefined {
  const afterId = readField(bytes, 0, REQUEST_ID);
  const requestId = found;
  let position = readField(bytes, afterId, PUSH);
  if (position === NOWHERE || position + found !== bytes.length) return undefined;
  const items: PushItem[] = [];
  while (position < bytes.length) {
    const start = readField(bytes, position, ITEM);
    if (start === NOWHERE || items.length === PUSH_ITEMS_MAX) return undefined;
    position = start + found;
    const item = position <= bytes.length ? readItem(bytes, start, position) : undefined;
    if (item === undefined) return undefined;
    items.push(item);
  }
  return { requestId, body: { $case: 'push', value: { items } } };
}
