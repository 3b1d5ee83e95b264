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

/** One of the two ends of a session. */
export type End = 'client' | 'relay';

/** A message that passed the walk. */
export interface ReadMessage {
  readonly ok: true;
  /** The message in the shape of its generated type; byte fields are views of the input. */
  readonly message: MessageObject;
  /** True when encoding the message again gives the same bytes. OV-04. */
  readonly isCanonical: boolean;
}

const UINT32_MAX = 0xffff_ffff;
const INT32_MAX = 0x7fff_ffff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const varint = newVarint();

/**
 * Reads `bytes` as one message by the strict wire walk. Other decoders of Protocol Buffers accept groups, wrong wire
 * types, repeated fields and bad UTF-8; this one refuses them. The schema's limits bound its memory, because each limit
 * is checked before the walk reads on. Errors: INVALID_MESSAGE, RESOURCES_EXCEEDED.
 * WI-13, WI-14, WI-15, WI-16, WI-17, WI-18, WI-20, SC-22.
 * @param sender the end that wrote the bytes; only a client's unknown enum values are refused. WI-19.
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

  /** Reads the fields of one message; undefined after a failure. */
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

  /** Reads the value of a field that has a length; undefined after a failure. */
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

  /** Returns the end of an unknown field; undefined when the walk cannot skip it. WI-15. */
  #skip(wireType: number, start: number, end: number): number | undefined {
    if (wireType === WIRE_FIXED64) return start + 8 <= end ? start + 8 : undefined;
    if (wireType === WIRE_FIXED32) return start + 4 <= end ? start + 4 : undefined;
    if (wireType > WIRE_LENGTH) return undefined;
    const value = this.#varint(start, end);
    if (value === undefined) return undefined;
    if (wireType !== WIRE_LENGTH) return value.end;
    return value.value <= end - value.end ? value.end + value.value : undefined;
  }

  /** Reads the varint at `start` into a place that the next call overwrites. */
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

/** Checks a varint against the range of its field. WI-16, WI-19. */
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

/** Converts an allowed varint to the type of its field. Enums have 32 bits and a sign. */
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

/** Decodes UTF-8; undefined for other bytes. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
