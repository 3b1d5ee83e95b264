import { errors } from '@0k-sync/generated/errors';
import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';
import { PushStatus } from '@0k-sync/generated/wire/frame';

/** A message's fields under the names that the generated types give them. */
export type Fields = Record<string, unknown>;

/** Length of bytes to which the schema gives no exact length. */
const BYTES = 40;
/** A member's header has 119 bytes or more. */
const HEADER_BYTES = 120;
const NONCE_BYTES = 24;
const SIGNATURE_BYTES = 64;

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

const ENVELOPE = {
  header: bytes(HEADER_BYTES, 1),
  nonce: bytes(NONCE_BYTES, 2),
  ciphertext: bytes(CIPHERTEXT_BYTES_MIN, 3),
  signature: bytes(SIGNATURE_BYTES, 4),
  cursor: 5n,
  receivedAtMs: 1_700_000_000_000n,
};

/** Values that mean something, or that depend on each other: the schema cannot tell them. */
const MEANINGFUL: { readonly [Name in MessageName]?: Readonly<Fields> } = {
  Ack: { cursor: BigInt(Number.MAX_SAFE_INTEGER) },
  Envelope: ENVELOPE,
  Error: { code: errors.SEQUENCE_CONFLICT.number },
  GoAway: { code: errors.RELAY_SHUTTING_DOWN.number },
  // One envelope, which accounts for every cursor of (4, 5].
  LogSegment: { after: 4n, removedThrough: 4n, envelopes: [ENVELOPE], next: 5n, head: 9n },
  Pull: { after: 4n },
  PushResult: { status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n },
  Subscribe: { after: 4n },
};

/** A message with every field set; a repeated field has two items. */
export function fullMessage(name: MessageName): Fields {
  const { fields } = schema[name];
  const entries = fields.map((field) => {
    const value = fullValue(field);
    return [camel(field.name), field.itemsMax === undefined ? value : [value, value]] as const;
  });
  return { ...Object.fromEntries(entries), ...MEANINGFUL[name] };
}

/** A message with those fields alone that must be present. */
export function minimalMessage(name: MessageName): Fields {
  const { fields } = schema[name];
  return Object.fromEntries(fields.map((field) => [camel(field.name), minimalValue(field)]));
}

function fullValue(field: FieldSchema): unknown {
  switch (field.type) {
    case 'bool':
      return true;
    case 'uint32':
      return field.number;
    case 'uint64':
      return BigInt(field.number);
    case 'enum':
      return field.values?.at(1) ?? 0;
    case 'string':
      return `${field.name} — 二`;
    case 'bytes':
      return bytes(field.length ?? Math.min(field.lengthMax ?? BYTES, BYTES), field.number);
    case 'message':
      return fullMessage(field.message as MessageName);
  }
}

function minimalValue(field: FieldSchema): unknown {
  if (field.itemsMax !== undefined) return [];
  if (field.isOptional) return undefined;
  switch (field.type) {
    case 'bool':
      return false;
    case 'uint32':
    case 'enum':
      return 0;
    case 'uint64':
      return 0n;
    case 'string':
      return '';
    case 'bytes':
      return bytes(field.mayBeEmpty ? 0 : (field.length ?? 0), field.number);
    case 'message':
      return field.required ? minimalMessage(field.message as MessageName) : undefined;
  }
}

/** Returns the name that ts-proto gives a field. */
function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
