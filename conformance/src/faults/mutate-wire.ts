// Edits of Protocol Buffers messages as trees of fields: what encoders cannot write, decoders have to refuse.

/** An edit and its place. */
export interface WireEdit {
  /** `frame`: behind its varint length; `message`: bare. */
  readonly in: 'frame' | 'message';
  /** Field numbers of the messages around the place, outermost first; the last of a repeated one is meant. */
  readonly within: readonly number[];
  readonly edit: Edit;
}

export type Edit =
  /** The field is written a second time, at the end. */
  | { readonly duplicate: number }
  | { readonly remove: number }
  /** The field moves to the end. */
  | { readonly last: number }
  /** Raw bytes of a field, key included, at the end or in the place of a field. */
  | { readonly add: string }
  | { readonly replace: number; readonly with: string }
  /** Raw bytes of a field in front of the first one with a higher number. */
  | { readonly insert: number; readonly with: string }
  /** The value of a length-delimited field. */
  | { readonly value: number; readonly with: string }
  /** Adds this many copies of the field. */
  | { readonly repeat: number; readonly times: number }
  /** Writes the key, the length or the varint value of a field with one byte more than needed. */
  | { readonly longKey: number }
  | { readonly longLength: number }
  | { readonly longValue: number }
  /** Declares another length than the value has. */
  | { readonly length: number; readonly declared: number };

interface Field {
  readonly number: number;
  readonly type: number;
  /** Everything, key included. */
  readonly raw: Uint8Array;
  /** Behind the key and, where there is one, the length. */
  readonly value: Uint8Array;
}

/** The hexadecimal message or frame after one edit. */
export function editWire(text: string, { in: place, within, edit }: WireEdit): string {
  const bytes = Buffer.from(text, 'hex');
  if (place === 'message') return editWithin(bytes, within, edit).toString('hex');
  const { end } = readVarint(bytes, 0);
  const frame = editWithin(bytes.subarray(end), within, edit);
  return Buffer.concat([varint(frame.length), frame]).toString('hex');
}

function editWithin(message: Uint8Array, within: readonly number[], edit: Edit): Buffer {
  const fields = parse(message);
  const [number, ...rest] = within;
  if (number === undefined) return Buffer.concat(apply(fields, edit));
  const index = lastIndexOf(fields, number);
  return Buffer.concat(
    fields.map((field, position) =>
      position === index ? delimited(number, editWithin(field.value, rest, edit)) : field.raw,
    ),
  );
}

function apply(fields: readonly Field[], edit: Edit): Uint8Array[] {
  const all = fields.map(({ raw }) => raw);
  const put = (number: number, make: (field: Field) => readonly Uint8Array[]) => {
    const index = lastIndexOf(fields, number);
    return fields.flatMap((field, position) => (position === index ? make(field) : [field.raw]));
  };
  const only = (number: number) => fields[lastIndexOf(fields, number)] as Field;
  if ('duplicate' in edit) return [...all, only(edit.duplicate).raw];
  if ('remove' in edit) return put(edit.remove, () => []);
  if ('last' in edit) return [...put(edit.last, () => []), only(edit.last).raw];
  if ('add' in edit) return [...all, Buffer.from(edit.add, 'hex')];
  if ('replace' in edit) return put(edit.replace, () => [Buffer.from(edit.with, 'hex')]);
  if ('insert' in edit) {
    const before = fields.findIndex(({ number }) => number > edit.insert);
    return all.toSpliced(before < 0 ? all.length : before, 0, Buffer.from(edit.with, 'hex'));
  }
  if ('value' in edit) return put(edit.value, () => [delimited(edit.value, Buffer.from(edit.with, 'hex'))]);
  if ('repeat' in edit) return put(edit.repeat, ({ raw }) => Array.from({ length: edit.times + 1 }, () => raw));
  if ('longKey' in edit) return put(edit.longKey, ({ raw }) => [longer(raw, 0)]);
  if ('longLength' in edit || 'longValue' in edit) {
    const number = 'longLength' in edit ? edit.longLength : edit.longValue;
    return put(number, ({ raw }) => [longer(raw, readVarint(raw, 0).end)]);
  }
  return put(edit.length, ({ number, value }) => [keyOf(number, 2), varint(edit.declared), value]);
}

/** The same bytes with the varint at `start` one byte longer than it needs to be. */
function longer(raw: Uint8Array, start: number): Uint8Array {
  const { end } = readVarint(raw, start);
  const last = raw[end - 1] ?? 0;
  return Buffer.concat([raw.subarray(0, end - 1), Uint8Array.of(last | 0x80, 0), raw.subarray(end)]);
}

function parse(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let start = 0; start < message.length; ) {
    const key = readVarint(message, start);
    const [number, type] = [Math.floor(key.value / 8), key.value % 8];
    const value = readVarint(message, key.end);
    const end = type === 2 ? value.end + value.value : value.end;
    const content = message.subarray(type === 2 ? value.end : key.end, end);
    fields.push({ number, type, raw: message.subarray(start, end), value: content });
    start = end;
  }
  return fields;
}

function lastIndexOf(fields: readonly Field[], number: number): number {
  const index = fields.findLastIndex((field) => field.number === number);
  if (index < 0) throw new RangeError(`the message has no field ${number}`);
  return index;
}

function keyOf(number: number, type: number): Uint8Array {
  return varint(number * 8 + type);
}

function delimited(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([keyOf(number, 2), varint(value.length), value]);
}

/** The minimal varint of a value. */
function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...out, Number(rest));
}

/** A varint field with its key, in hexadecimal. */
export function varintField(number: number, value: number | bigint): string {
  return Buffer.concat([keyOf(number, 0), varint(value)]).toString('hex');
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = start, scale = 1; ; index += 1, scale *= 128) {
    const byte = bytes[index] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: index + 1 };
  }
}
