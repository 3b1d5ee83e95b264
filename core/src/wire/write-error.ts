import { errors } from '@0k-sync/generated/errors';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { utf8 } from '../bytes/index.ts';
import { beginFrame, bytesLength, type FieldWriter, numberLength } from './field-writer.ts';

/** Tags of the fields, in the order in which an encoder writes them: of a Frame, */
const ERROR = 0x3a;
/** of an Error, */
const CODE = 0x08;
const DETAIL = 0x12;
const RETRY_AFTER_MS = 0x18;
const CONFLICT = 0x22;
/** and of a Stub. */
const HEADER = 0x0a;
const BODY_HASH = 0x12;
const SIGNATURE = 0x1a;

/** Nearly every detail is the table's. */
const meanings = new Map<string, Uint8Array>(Object.values(errors).map(({ meaning }) => [meaning, utf8(meaning)]));

function detailOf({ detail }: WireError): Uint8Array {
  return meanings.get(detail) ?? utf8(detail);
}

/** Writes a frame with an Error and its length in front, as the encoder does. Undefined for every other frame. ER-02. */
export function writeErrorFrame({ requestId, body }: Frame): Uint8Array | undefined {
  if (body?.$case !== 'error') return undefined;
  const out = beginFrame(requestId, ERROR, lengthOfError(body.value));
  writeError(out, body.value);
  return out.bytes;
}

/** Returns the length of an Error's fields, bytes. */
export function lengthOfError(error: WireError): number {
  const { code, retryAfterMs, conflict } = error;
  let length = numberLength(code) + bytesFieldLength(detailOf(error)) + numberLength(Number(retryAfterMs));
  if (conflict !== undefined) length += bytesLength(lengthOfStub(conflict));
  return length;
}

function lengthOfStub({ header, bodyHash, signature }: Stub): number {
  return bytesFieldLength(header) + bytesFieldLength(bodyHash) + bytesFieldLength(signature);
}

function bytesFieldLength({ length }: Uint8Array): number {
  return length === 0 ? 0 : bytesLength(length);
}

/** Writes an Error's fields as the encoder does. ER-04. */
export function writeError(out: FieldWriter, error: WireError): void {
  const { code, retryAfterMs, conflict } = error;
  out.numberField(CODE, code);
  out.bytesField(DETAIL, detailOf(error));
  out.numberField(RETRY_AFTER_MS, Number(retryAfterMs));
  if (conflict === undefined) return;
  out.begin(CONFLICT, lengthOfStub(conflict));
  out.bytesField(HEADER, conflict.header);
  out.bytesField(BODY_HASH, conflict.bodyHash);
  out.bytesField(SIGNATURE, conflict.signature);
}
