import type { ErrorName } from '@0k-sync/generated/errors';
import { FRAME_DEPTH_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import type { FieldSchema, MessageName } from '@0k-sync/generated/schema';
import { type Failure, fail } from './failure.ts';
import { type FieldRule, type MessageRule, ruleOf, WIRE_FIXED32, WIRE_FIXED64, WIRE_LENGTH } from './field-rules.ts';
import { newVarint, readVarint, type Varint } from './varint.ts';

/** Who wrote the bytes. Enum values that the schema does not name are refused in a client's. WI-19. */
export type Sender = 'client' | 'relay';

const UINT32_MAX = 0xffff_ffff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const varint = newVarint();

/**
 * The strict wire walk: whether `bytes` are one message as the schema has it, before anything is decoded.
 * Decoders of Protocol Buffers are lax (groups, wrong wire types, fields twice, bad UTF-8); this is not. It costs no
 * memory but the stack. Undefined when all is well. WI-13 to WI-20.
 */
export function walkMessage(name: MessageName, bytes: Uint8Array, sender: Sender): Failure | undefined {
  return new Walk(bytes, sender).walk(ruleOf(name), 0, bytes.length, 1);
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #sender: Sender;

  constructor(bytes: Uint8Array, sender: Sender) {
    this.#bytes = bytes;
    this.#sender = sender;
  }

  walk(rule: MessageRule, start: number, end: number, depth: number): Failure | undefined {
    if (depth > FRAME_DEPTH_MAX) return invalid(rule, 'is nested too deep');
    let seen = 0;
    let items: Map<number, number> | undefined;
    let position = start;
    while (position < end) {
      const tag = this.#varint(position, end);
      if (tag === undefined || tag.value > UINT32_MAX) return invalid(rule, 'has a tag that is no varint');
      const number = Math.floor(tag.value / 8);
      const wireType = tag.value % 8;
      if (number === 0) return invalid(rule, 'has a field 0');
      const valueStart = tag.end;
      const field = rule.fields[number];
      if (field === undefined) {
        const next = this.#skip(wireType, valueStart, end);
        if (next === undefined) return invalid(rule, `has an unreadable field ${number}`);
        position = next;
        continue;
      }
      if (wireType !== field.wireType) return invalid(rule, `has field ${number} with wire type ${wireType}`);
      if ((seen & field.bit) !== 0) return invalid(rule, `has field ${number} or its oneof twice`);
      seen |= field.bit;
      if (field.schema.itemsMax !== undefined) {
        items ??= new Map();
        const count = (items.get(number) ?? 0) + 1;
        items.set(number, count);
        if (count > field.schema.itemsMax) return tooMany(rule, number);
      }
      const value = this.#varint(valueStart, end);
      if (value === undefined) return invalid(rule, `has an unreadable field ${number}`);
      if (wireType !== WIRE_LENGTH) {
        if (!isAllowed(field.schema, value.value, this.#sender))
          return invalid(rule, `has field ${number} out of range`);
        position = value.end;
        continue;
      }
      const contentStart = value.end;
      if (value.value > end - contentStart) return invalid(rule, `has field ${number} beyond its end`);
      position = contentStart + value.value;
      const failure = this.#walkContent(rule, field, contentStart, position, depth);
      if (failure !== undefined) return failure;
    }
    return (seen & rule.requiredBits) === rule.requiredBits ? undefined : invalid(rule, 'lacks a field');
  }

  #walkContent(rule: MessageRule, field: FieldRule, start: number, end: number, depth: number): Failure | undefined {
    if (field.message !== undefined) return this.walk(field.message, start, end, depth + 1);
    const { number, length, lengthMax, mayBeEmpty, type } = field.schema;
    const actual = end - start;
    const isExact = length === undefined || actual === length || (actual === 0 && mayBeEmpty === true);
    if (!isExact || (lengthMax !== undefined && actual > lengthMax)) {
      return invalid(rule, `has field ${number} of ${actual} bytes`);
    }
    if (type === 'string' && !isUtf8(this.#bytes, start, end)) return invalid(rule, `has field ${number} not in UTF-8`);
    return undefined;
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
}

/** WI-16, WI-19. */
function isAllowed({ type, values }: FieldSchema, value: number, sender: Sender): boolean {
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

/** ASCII without a decoder: most strings are. */
function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if ((bytes[index] as number) >= 0x80) return decodes(bytes.subarray(index, end));
  }
  return true;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function invalid(rule: MessageRule, what: string, error: ErrorName = 'INVALID_MESSAGE'): Failure {
  return fail(error, `${rule.name} ${what}`);
}

function tooMany(rule: MessageRule, number: number): Failure {
  return invalid(rule, `has too many items in field ${number}`, 'RESOURCES_EXCEEDED');
}
