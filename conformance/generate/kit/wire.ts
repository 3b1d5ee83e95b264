// Protocol Buffers through protobufjs, from proto/ itself: a second codec beside the generated one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import protobuf from 'protobufjs';
import type { Json, JsonObject } from '../model.ts';

const PACKAGE = 'zerok.sync.v1';
const FOLDER = join(import.meta.dirname, '../../../proto/zerok/sync/v1');
const FILES = ['envelope', 'error', 'group', 'pairing', 'rotation', 'frame'];

const root = new protobuf.Root();
for (const file of FILES) protobuf.parse(readFileSync(join(FOLDER, `${file}.proto`), 'utf8'), root, { keepCase: true });
root.resolveAll();

type Fields = { readonly [name: string]: unknown };

/** The canonical bytes of a message; fields by their names in proto/, bytes as Uint8Array, u64 as bigint or string. */
export function encode(type: string, fields: Fields): Uint8Array {
  const message = root.lookupType(`${PACKAGE}.${type}`);
  // A copy: protobufjs gives a Buffer of a shared pool.
  return Uint8Array.from(message.encode(message.create(prepare(message, fields))).finish());
}

/** As `encode`, for the JSON of zkcp.md: bytes are hexadecimal. */
export function encodeJson(type: string, json: JsonObject): Uint8Array {
  return encode(type, fromJson(root.lookupType(`${PACKAGE}.${type}`), json));
}

/** The minimal varint of a value. */
export function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...out, Number(rest));
}

/** A frame behind its length. WI-10. */
export function framed(frame: Uint8Array): Uint8Array {
  return concatBytes(varint(frame.length), frame);
}

export function frameBytes(json: JsonObject): Uint8Array {
  return framed(encodeJson('Frame', json));
}

function prepare(type: protobuf.Type, fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const field = type.fields[name];
      if (field === undefined) throw new TypeError(`${type.name} has no field ${name}`);
      const one = (item: unknown) => prepareValue(field, item);
      return [name, Array.isArray(value) ? value.map(one) : one(value)];
    }),
  );
}

function prepareValue(field: protobuf.Field, value: unknown): unknown {
  if (field.type === 'uint64') return longOf(BigInt(value as string));
  if (field.resolvedType instanceof protobuf.Type) return prepare(field.resolvedType, value as Fields);
  return value;
}

/** 64 bits as protobufjs takes them without its optional package. */
function longOf(value: bigint): object {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: true };
}

function fromJson(type: protobuf.Type, json: JsonObject): Fields {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = type.fields[name];
      if (field === undefined) throw new TypeError(`${type.name} has no field ${name}`);
      const one = (item: Json) => valueFromJson(field, item);
      return [name, Array.isArray(value) ? value.map(one) : one(value)];
    }),
  );
}

function valueFromJson(field: protobuf.Field, value: Json): unknown {
  if (field.type === 'bytes') return hexToBytes(value as string);
  if (field.resolvedType instanceof protobuf.Type) return fromJson(field.resolvedType, value as JsonObject);
  return value;
}
