import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';
import { boolean, hex, list, named, number, object, type Schema, text, u64 } from './parts.ts';

/** `frame` and every message that it can hold, as JSON. Lengths are the wire walk's business, not this schema's. */
export const frameDefinitions: Readonly<Record<string, Schema>> = Object.fromEntries(
  messagesIn('Frame', new Set()).map((name) => [nameOf(name), messageSchema(name)]),
);

function messagesIn(name: MessageName, seen: Set<MessageName>): MessageName[] {
  seen.add(name);
  for (const { message } of schema[name].fields) {
    if (message !== undefined && !seen.has(message as MessageName)) messagesIn(message as MessageName, seen);
  }
  return [...seen];
}

function nameOf(message: string): string {
  return message === 'Frame' ? 'frame' : `frame.${message}`;
}

function messageSchema(name: MessageName): Schema {
  return object(Object.fromEntries(schema[name].fields.map((field) => [`${field.name}?`, fieldSchema(field)])));
}

function fieldSchema(field: FieldSchema): Schema {
  const one = valueSchema(field);
  return field.itemsMax === undefined ? one : list(one);
}

function valueSchema({ type, message = '' }: FieldSchema): Schema {
  switch (type) {
    case 'message':
      return named(nameOf(message));
    case 'bytes':
      return hex();
    case 'string':
      return text;
    case 'bool':
      return boolean;
    case 'uint64':
      return u64;
    default:
      return number;
  }
}
