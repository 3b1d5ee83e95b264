// Named mutators: each takes a value of a positive case and gives the one of its negative twin.

import type { Json, JsonObject } from './json.ts';
import { editWire, type WireEdit } from './mutate-wire.ts';

/** The input of a mutation: the case that it changes, and the other cases of the file to splice from. */
export interface Source {
  readonly in: JsonObject;
  readonly draws?: JsonObject;
  readonly now_ms?: number;
}

type Mutator = (value: Json, arg: Json, pick: (name: string) => Json) => Json | undefined;

type Place = { readonly at: number; readonly with?: string; readonly mask?: number };

const mutators: { readonly [op: string]: Mutator } = {
  /** Sets another value. */
  set: (_, arg) => arg,
  /** The member or item is missing. */
  remove: () => undefined,
  /** The same place of another case of the file, or the place that the argument names behind a `#`. */
  splice: (_, arg, pick) => pick(arg as string),
  /** Flips one bit, or the bits of `mask`, of the byte `at`; a negative `at` counts from the end. */
  flip: (value, arg) => {
    const { at, mask = 1 } = arg as Place;
    const bytes = Buffer.from(value as string, 'hex');
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ mask;
    return bytes.toString('hex');
  },
  /** Keeps this many bytes; a negative number cuts this many off the end. */
  truncate: (value, arg) => (value as string).slice(0, 2 * (arg as number)),
  /** Bytes behind the end. */
  extend: (value, arg) => `${value}${arg}`,
  /** Bytes in the place of others. */
  overwrite: (value, arg) => {
    const { at, with: bytes = '' } = arg as Place;
    const text = value as string;
    const start = at < 0 ? text.length + 2 * at : 2 * at;
    return text.slice(0, start) + bytes + text.slice(start + bytes.length);
  },
  /** Bytes in front. */
  prepend: (value, arg) => `${arg}${value}`,
  /** An item behind the last. */
  append: (value, arg) => [...(value as readonly Json[]), arg],
  /** Adds this many copies of the last item. */
  repeat: (value, arg) => {
    const list = value as readonly Json[];
    return [...list, ...Array.from({ length: arg as number }, () => list.at(-1) ?? null)];
  },
  /** Items in another order, by their indices; one may come twice or not at all. */
  reorder: (value, arg) => (arg as readonly number[]).map((index) => (value as readonly Json[])[index] ?? null),
  /** Characters in the place of others. */
  'text-overwrite': (value, arg) => {
    const { at, with: characters = '' } = arg as Place;
    const text = value as string;
    const start = at < 0 ? text.length + at : at;
    return text.slice(0, start) + characters + text.slice(start + characters.length);
  },
  'text-truncate': (value, arg) => (value as string).slice(0, arg as number),
  'text-extend': (value, arg) => `${value}${arg}`,
  'text-prepend': (value, arg) => `${arg}${value}`,
  'text-upper-case': (value) => (value as string).toUpperCase(),
  /** Two neighbouring characters are swapped. */
  'text-swap': (value, arg) => {
    const [text, at] = [value as string, arg as number];
    return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
  },
  /** Edits a Protocol Buffers message and corrects all lengths around the edit. */
  wire: (value, arg) => editWire(value as string, arg as unknown as WireEdit),
};

/** Several changes, one after the other. */
export const ALL = 'all';
/** Ops whose values need secrets that the case does not hold: only the generator can make them. */
export const REMADE = 'remake';

interface Change {
  readonly op: string;
  readonly path: string;
  readonly arg?: Json;
}

/** The case with one mutation applied. `pick` gives a case of the same file by its id. Throws RangeError for a place that is not there. */
export function mutate(source: Source, { op, path, arg = null }: Change, pick: (id: string) => Source): Source {
  if (op === ALL) return (arg as unknown as readonly Change[]).reduce((so, one) => mutate(so, one, pick), source);
  const mutator = mutators[op];
  if (mutator === undefined) throw new TypeError(`there is no mutator ${op}`);
  const names = path.split('.');
  const from = (name: string): Json => {
    const [id = '', other = path] = name.split('#');
    return at(pick(id) as unknown as Json, other.split('.'));
  };
  const edit = (value: Json | undefined) => {
    if (value === undefined && op !== 'set') throw new RangeError(`the case has no ${path}`);
    return mutator(value ?? null, arg, from);
  };
  return change(source as unknown as Json, names, edit) as unknown as Source;
}

function at(value: Json, names: readonly string[]): Json {
  return names.reduce<Json>((inner, name) => (inner as { [name: string]: Json })[name] ?? null, value);
}

function change(value: Json, names: readonly string[], edit: (value: Json | undefined) => Json | undefined): Json {
  const [name = '', ...rest] = names;
  const inner = (value as { readonly [name: string]: Json | undefined })[name];
  if (rest.length > 0 && inner === undefined) throw new RangeError(`the case has no ${name} with ${rest.join('.')}`);
  const next = rest.length === 0 ? edit(inner) : change(inner ?? null, rest, edit);
  if (Array.isArray(value)) return value.flatMap((item, index) => (String(index) !== name ? [item] : (next ?? [])));
  const others = Object.entries(value as JsonObject);
  if (next === undefined) return Object.fromEntries(others.filter(([other]) => other !== name));
  return Object.fromEntries([...others.filter(([other]) => other !== name), [name, next]]);
}
