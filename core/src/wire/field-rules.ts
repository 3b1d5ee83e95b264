import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';

/** Wire types that a schema field can have. */
export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_LENGTH = 2;
export const WIRE_FIXED32 = 5;

/** What a message is read into: the shape that the generated codec gives it. */
export type MessageObject = Record<string, unknown>;

/** A field of the schema, ready for the walk. */
export interface FieldRule {
  readonly schema: FieldSchema;
  readonly wireType: number;
  /** Rules of the message that the field holds. */
  readonly message: MessageRule | undefined;
  /** The bit that marks the field, or its oneof, as seen; 0 for a repeated field. */
  readonly bit: number;
  /** The property that holds it, or names it in its oneof. */
  readonly key: string;
}

export interface MessageRule {
  readonly name: MessageName;
  /** By field number; holes are unknown fields. */
  readonly fields: readonly (FieldRule | undefined)[];
  /** The bits of fields that have to be given. WI-18, WI-20. */
  readonly requiredBits: number;
  /** The message with every field absent, to be copied; without its repeated fields. */
  readonly base: MessageObject;
  /** The properties of the repeated fields, each of which needs an array of its own. */
  readonly lists: readonly string[];
}

const FIELDS_MAX = 31;
const EMPTY = new Uint8Array(0);

/** The rules of every message, each built once. */
const rules = new Map<MessageName, MessageRule>();

export function ruleOf(name: MessageName): MessageRule {
  const known = rules.get(name);
  if (known !== undefined) return known;
  const fields: (FieldRule | undefined)[] = [];
  const bits = new Map<string, number>();
  const base: MessageObject = {};
  const lists: string[] = [];
  let requiredBits = 0;
  for (const field of schema[name].fields) {
    const isRepeated = field.itemsMax !== undefined;
    const bit = isRepeated ? 0 : bitOf(bits, field.oneof ?? field.name);
    if (isRequired(field)) requiredBits |= bit;
    const message = field.message === undefined ? undefined : ruleOf(field.message as MessageName);
    const key = keyOf(field.name);
    if (isRepeated) lists.push(key);
    else if (field.oneof === undefined) base[key] = absentValue(field);
    else base[field.oneof] = undefined;
    fields[field.number] = { schema: field, wireType: wireTypeOf(field), message, bit, key };
  }
  const rule = { name, fields, requiredBits, base, lists };
  rules.set(name, rule);
  return rule;
}

/** A bytes field of fixed length is as good as missing when it is absent: proto3 reads it as empty. */
function isRequired({ required, length, mayBeEmpty, type }: FieldSchema): boolean {
  return required === true || (type === 'bytes' && length !== undefined && mayBeEmpty !== true);
}

function bitOf(bits: Map<string, number>, name: string): number {
  const bit = bits.get(name) ?? 1 << bits.size;
  bits.set(name, bit);
  if (bits.size > FIELDS_MAX) throw new RangeError(`a message has more than ${FIELDS_MAX} singular fields`);
  return bit;
}

function wireTypeOf({ type }: FieldSchema): number {
  return type === 'bytes' || type === 'string' || type === 'message' ? WIRE_LENGTH : WIRE_VARINT;
}

/** The lowerCamelCase name that generated code gives a field. */
function keyOf(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function absentValue({ type, isOptional }: FieldSchema): unknown {
  if (isOptional === true) return undefined;
  switch (type) {
    case 'bool':
      return false;
    case 'bytes':
      return EMPTY;
    case 'string':
      return '';
    case 'uint64':
      return 0n;
    case 'message':
      return undefined;
    default:
      return 0;
  }
}
