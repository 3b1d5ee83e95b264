// Words of ops.schema.json.
import type { Json, JsonObject } from '../model.ts';

export type Schema = JsonObject;

/** Bytes in lowercase hexadecimal, of any or of one length. */
export function hex(length?: number): Schema {
  if (length === undefined) return { $ref: '#/$defs/hex' };
  return { type: 'string', pattern: `^[0-9a-f]{${2 * length}}$` };
}

export const text: Schema = { type: 'string' };
export const u64: Schema = { $ref: '#/$defs/u64' };
/** A u32, a length or a count. */
export const number: Schema = { $ref: '#/$defs/number' };
export const boolean: Schema = { type: 'boolean' };

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

export function oneOf(...values: readonly Json[]): Schema {
  return { enum: values };
}

/** An object without other members; a name that ends with `?` may be absent. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(members);
  return {
    type: 'object',
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  };
}

/** A reference to a definition of this schema. */
export function named(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

export const definitions: Readonly<Record<string, Schema>> = {
  hex: { type: 'string', pattern: '^([0-9a-f]{2})*$' },
  u64: { type: 'string', pattern: '^(0|[1-9][0-9]{0,19})$' },
  number: { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 },
};
