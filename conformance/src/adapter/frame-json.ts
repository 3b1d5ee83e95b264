import { toHex } from '@0k-sync/core/bytes';
import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { isObject, type Members } from '../zkcp/protocol.ts';
import { bytesOf, u64Of } from './input.ts';

type Fields = Readonly<Record<string, unknown>>;
type OneOf = { readonly $case: string; readonly value: unknown };

/** A frame as zkcp.md writes it: names in snake case, defaults left out, messages that are present stay. */
export function frameToJson(frame: Frame): Members {
  return messageToJson('Frame', frame as unknown as Fields);
}

/** The reverse; a TypeError for what the schema does not have. */
export function frameFromJson(members: Members): Frame {
  return messageFromJson('Frame', members) as unknown as Frame;
}

function messageToJson(name: MessageName, message: Fields): Members {
  const members: Record<string, unknown> = {};
  for (const field of schema[name].fields) {
    const value = read(field, message);
    if (field.itemsMax !== undefined) {
      const items = value as readonly unknown[];
      if (items.length > 0) members[field.name] = items.map((item) => valueToJson(field, item));
    } else if (value !== undefined && (field.oneof !== undefined || !isDefault(value))) {
      members[field.name] = valueToJson(field, value);
    }
  }
  return members;
}

function messageFromJson(name: MessageName, members: Members): Fields {
  const message: Record<string, unknown> = {};
  const { fields } = schema[name];
  const unknown = Object.keys(members).find((key) => !fields.some((field) => field.name === key));
  if (unknown !== undefined) throw new TypeError(`${name} has no field ${unknown}`);
  for (const field of fields) {
    const given = members[field.name];
    if (field.oneof !== undefined) {
      if (given !== undefined) message[field.oneof] = { $case: camel(field.name), value: valueFromJson(field, given) };
      else message[field.oneof] ??= undefined;
    } else if (field.itemsMax !== undefined) {
      if (given !== undefined && !Array.isArray(given)) throw new TypeError(`${field.name} is not a list`);
      message[camel(field.name)] = (given ?? []).map((item: unknown) => valueFromJson(field, item));
    } else {
      message[camel(field.name)] = given === undefined ? defaultOf(field) : valueFromJson(field, given);
    }
  }
  return message;
}

function read(field: FieldSchema, message: Fields): unknown {
  if (field.oneof === undefined) return message[camel(field.name)];
  const chosen = message[field.oneof] as OneOf | undefined;
  return chosen?.$case === camel(field.name) ? chosen.value : undefined;
}

function valueToJson({ type, message }: FieldSchema, value: unknown): unknown {
  if (type === 'message') return messageToJson(message as MessageName, value as Fields);
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'bigint' ? String(value) : value;
}

function valueFromJson({ type, message, name }: FieldSchema, value: unknown): unknown {
  switch (type) {
    case 'message':
      if (!isObject(value)) throw new TypeError(`${name} is not an object`);
      return messageFromJson(message as MessageName, value);
    case 'bytes':
      return bytesOf(value, name);
    case 'uint64':
      return u64Of(value, name);
    default: {
      const expected = type === 'string' || type === 'bool' ? { string: 'string', bool: 'boolean' }[type] : 'number';
      if (typeof value !== expected) throw new TypeError(`${name} is not a ${type}`);
      return value;
    }
  }
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === 0n || value === '' || value === false || (value as Uint8Array).length === 0;
}

function defaultOf({ type }: FieldSchema): unknown {
  return { bool: false, bytes: new Uint8Array(), string: '', uint32: 0, enum: 0, uint64: 0n, message: undefined }[type];
}

/** The name that the generated types give a field. */
function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
