import type { ErrorName } from '@0k-sync/generated/errors';
import { FRAME_DEPTH_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import type { FieldSchema, MessageName } from '@0k-sync/generated/schema';
import { type Failure, fail } from './failure.ts';
import {
  type FieldRule,
  type MessageObject,
  type MessageRule,
  ruleOf,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_LENGTH,
} from './field-rules.ts';
import { newVarint, readVarint, type Varint } from './varint.ts';

/** Who wrote the bytes. Enum values that the schema does not name are refused in a client's. WI-19. */
export type End = 'client' | 'relay';

/** A message that passed the walk. */
export interface ReadMessage {
  readonly ok: true;
  /** In the shape of its generated type; byte fields are views of the input. */
  readonly message: MessageObject;
  /** Whether encoding it again gives the same bytes. OV-04. */
  readonly isCanonical: boolean;
}

const UINT32_MAX = 0xffff_ffff;
const INT32_MAX = 0x7fff_ffff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const varint = newVarint();

/**
 * The strict wire walk: reads `bytes` as one message if that is what they are as the schema has it.
 * Decoders of Protocol Buffers are lax (groups, wrong wire types, fields twice, bad UTF-8); this is not. What it takes in
 * memory is bounded by the limits of the schema, each of which is checked before what it limits is read. WI-13 to WI-20.
 */
export function readMessage(name: MessageName, bytes: Uint8Array, sender: End): ReadMessage | Failure {
  const walk = new Walk(bytes, sender);
  const message = walk.read(ruleOf(name), 0, bytes.length, 1);
  if (message === undefined) return walk.failure ?? fail('INVALID_MESSAGE', `${name} is unreadable`);
  return { ok: true, message, isCanonical: walk.isCanonical };
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #sender: End;
  isCanonical = true;
  failure: Failure | undefined;

  constructor(bytes: Uint8Array, sender: End) {
    this.#bytes = bytes;
    this.#sender = sender;
  }

  /** Undefined after a failure. */
  read(rule: MessageRule, start: number, end: number, depth: number): MessageObject | undefined {
    if (depth > FRAME_DEPTH_MAX) return this.#invalid(rule, 'is nested too deep');
    const message = { ...rule.base };
    for (const key of rule.lists) message[key] = [];
    let seen = 0;
    let last = 0;
    let position = start;
    while (position < end) {
      const tag = this.#varint(position, end);
      if (tag === undefined || tag.value > UINT32_MAX) return this.#invalid(rule, 'has a tag that is no varint');
      const number = Math.floor(tag.value / 8);
      const wireType = tag.value % 8;
      if (number === 0) return this.#invalid(rule, 'has a field 0');
      const valueStart = tag.end;
      const field = rule.fields[number];
      if (number < last || field === undefined) this.isCanonical = false;
      last = number;
      if (field === undefined) {
        const next = this.#skip(wireType, valueStart, end);
        if (next === undefined) return this.#invalid(rule, `has an unreadable field ${number}`);
        position = next;
        continue;
      }
      if (wireType !== field.wireType) return this.#invalid(rule, `has field ${number} with wire type ${wireType}`);
      if ((seen & field.bit) !== 0) return this.#invalid(rule, `has field ${number} or its oneof twice`);
      seen |= field.bit;
      const list = field.bit === 0 ? (message[field.key] as unknown[]) : undefined;
      if (list !== undefined && list.length === field.schema.itemsMax) return this.#tooMany(rule, number);
      const read = this.#varint(valueStart, end);
      if (read === undefined) return this.#invalid(rule, `has an unreadable field ${number}`);
      const { value: number64, end: valueEnd } = read;
      if (wireType !== WIRE_LENGTH) {
        if (!isAllowed(field.schema, number64, this.#sender))
          return this.#invalid(rule, `has field ${number} out of range`);
        position = valueEnd;
        this.#put(message, list, field, number64 === 0, scalarOf(field.schema, number64));
        if (number64 > INT32_MAX && field.schema.type === 'enum') this.isCanonical = false;
        continue;
      }
      if (number64 > end - valueEnd) return this.#invalid(rule, `has field ${number} beyond its end`);
      position = valueEnd + number64;
      const content = this.#readContent(rule, field, valueEnd, position, depth);
      if (content === undefined) return undefined;
      this.#put(message, list, field, number64 === 0 && field.message === undefined, content);
    }
    return (seen & rule.requiredBits) === rule.requiredBits ? message : this.#invalid(rule, 'lacks a field');
  }

  #put(
    message: MessageObject,
    list: unknown[] | undefined,
    field: FieldRule,
    isDefault: boolean,
    value: unknown,
  ): void {
    const { key, schema } = field;
    if (list !== undefined) list.push(value);
    else if (schema.oneof !== undefined) message[schema.oneof] = { $case: key, value };
    else {
      message[key] = value;
      if (isDefault && schema.isOptional !== true) this.isCanonical = false;
    }
  }

  /** The value of a field that has a length; undefined after a failure. */
  #readContent(rule: MessageRule, field: FieldRule, start: number, end: number, depth: number): unknown {
    if (field.message !== undefined) return this.read(field.message, start, end, depth + 1);
    const { number, length, lengthMax, mayBeEmpty, type } = field.schema;
    const actual = end - start;
    const isExact = length === undefined || actual === length || (actual === 0 && mayBeEmpty === true);
    if (!isExact || (lengthMax !== undefined && actual > lengthMax)) {
      return this.#invalid(rule, `has field ${number} of ${actual} bytes`);
    }
    const content = this.#bytes.subarray(start, end);
    if (type === 'bytes') return content;
    return textOf(content) ?? this.#invalid(rule, `has field ${number} not in UTF-8`);
  }

  /** Where an unknown field ends; undefined when it cannot be walked. WI-15. */
  #skip(wireType: number, start: number, end: number): number | undefined {
    if (wireType === WIRE_FIXED64) return start + 8 <= end ? start + 8 : undefined;
    if (wireType === WIRE_FIXED32) return start + 4 <= end ? start + 4 : undefined;
    if (wireType > WIRE_LENGTH) return undefined;
    const value = this.#varint(start, end);
    if (value === undefined) return undefined;
    if (wireType !== WIRE_LENGTH) return value.end;
    return value.value <= end - value.end ? value.end + value.value : undefined;
  }

  /** The varint at `start`, in a place that the next one overwrites. */
  #varint(start: number, end: number): Varint | undefined {
    const read = readVarint(this.#bytes, start, end, varint);
    return read.status === 'ok' ? read : undefined;
  }

  #invalid(rule: MessageRule, what: string, error: ErrorName = 'INVALID_MESSAGE'): undefined {
    this.failure = fail(error, `${rule.name} ${what}`);
    return undefined;
  }

  #tooMany(rule: MessageRule, number: number): undefined {
    return this.#invalid(rule, `has too many items in field ${number}`, 'RESOURCES_EXCEEDED');
  }
}

/** WI-16, WI-19. */
function isAllowed({ type, values }: FieldSchema, value: number, sender: End): boolean {
  switch (type) {
    case 'bool':
      return value <= 1;
    case 'uint64':
      return value <= SAFE_INTEGER_MAX;
    case 'enum':
      return value <= UINT32_MAX && (sender === 'relay' || values?.includes(value) === true);
    default:
      return value <= UINT32_MAX;
  }
}

/** An allowed varint as the type of its field. Enums are 32 bits with a sign. */
function scalarOf({ type }: FieldSchema, value: number): unknown {
  switch (type) {
    case 'bool':
      return value === 1;
    case 'uint64':
      return BigInt(value);
    case 'enum':
      return value | 0;
    default:
      return value;
  }
}

/** Undefined when it is not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
