import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';

/** Wire type of a varint. */
export const WIRE_VARINT = 0;
/** Wire type of 8 fixed bytes. */
export const WIRE_FIXED64 = 1;
/** Wire type of bytes, texts and messages behind their length. */
export const WIRE_LENGTH = 2;
/** Wire type of 4 fixed bytes. */
export const WIRE_FIXED32 = 5;

/** A decoded message, in the shape that the generated codec gives it. */
export type MessageObject = Record<string, unknown>;

/** A field of the schema, prepared for the walk. */
export interface FieldRule {
  readonly schema: FieldSchema;
  readonly wireType: number;
  /** The rule of the message that the field holds; undefined for scalars. */
  readonly message: MessageRule | undefined;
  /** The bit that marks the field, or its oneof, as seen; 0 for a repeated field. */
  readonly bit: number;
  /** The property that holds the value, or names it in its oneof. */
  readonly key: string;
}

/** A message of the schema, prepared for the walk. */
export interface MessageRule {
  readonly name: MessageName;
  /** The fields by number; holes are unknown fields. */
  readonly fields: readonly (FieldRule | undefined)[];
  /** The bits of all required fields. WI-18, WI-20. */
  readonly requiredBits: number;
  /** A message with every field absent, without its repeated fields, as a template. */
  readonly base: MessageObject;
  /** The properties of the repeated fields; each message gets arrays of its own. */
  readonly lists: readonly string[];
}

const FIELDS_MAX = 31;
const EMPTY = new Uint8Array(0);

/** The rules of every message, each built once. */
const rules = new Map<MessageName, MessageRule>();

/** Returns the rule of a message, built at the first call. */
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

/** A bytes field of fixed length is required, because proto3 reads an absent one as empty. */
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

/** Returns the lowerCamelCase name that generated code gives a field. */
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
