// Makes a case from a row of a fault table and its positive case.
import { type Change, changeOf } from '../src/faults/change.ts';
import { Bytes, fromJson, type Scope, toNumber, toText, type Value } from '../src/faults/evaluate.ts';
import { mutate } from '../src/faults/mutate.ts';
import type { Step } from '../src/faults/notation.ts';
import { DefectiveTables, type RowOf } from '../src/faults/tables.ts';
import type { Case } from './case.ts';
import { hex, labelled } from './kit/labelled.ts';
import type { Json, JsonObject } from './model.ts';

/** The place of a row whose name is looked up. */
export interface Context {
  /** The id of the row's case. */
  readonly id: string;
  /** The positive case that the row changes; an empty one where it changes none. */
  readonly twin: Case;
}

/** The value of a name in a file's rows. */
export type Names = Readonly<Record<string, (context: Context, ...args: readonly Value[]) => Value>>;

/** A part after the row's change of it. A part that the row does not name stays as it is. */
export type Alter = (part: string, honest: Uint8Array) => Uint8Array;

/** Names that every file has: members of the twin, labelled hashes, and hexadecimal that is read as bytes. */
const common: Names = {
  random: ({ id }, label = null, length = 32n, slug) =>
    new Bytes(hex(labelled(idOf(id, slug), toText(label), Number(toNumber(length))))),
  bytes: (_, text = null) => new Bytes(toText(text)),
};

/** The id of another case of the same file, or of the row's own. */
export function idOf(id: string, slug: Value | undefined): string {
  return slug === undefined ? id : id.replace(/[^/]+$/, toText(slug));
}

export function scopeOf(context: Context, names: Names): Scope {
  return (name, args) => {
    const [member, ...path] = name.split('.');
    const { in: input, expect } = context.twin;
    if (member === 'in') return fromJson(at(input, path));
    if (member === 'ok' && 'ok' in expect) return fromJson(at(expect.ok, path));
    const known = { ...common, ...names };
    return Object.hasOwn(known, name) ? known[name]?.(context, ...args) : undefined;
  };
}

/** The scope of a row that changes no other case. */
export function scopeAlone(id: string, names: Names): Scope {
  return scopeOf({ id, twin: { id, req: [], flags: [], comment: '', in: {}, expect: { ok: {} } } }, names);
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Steps as a change of parts; `check` throws RangeError for a step whose part never came. */
export function alteration(steps: readonly Step[], scope: Scope): { readonly alter: Alter; check(): void } {
  const left = new Set(steps);
  const alter: Alter = (part, honest) =>
    steps.reduce((bytes, step) => {
      if (step.place.split('.')[0] !== part) return bytes;
      left.delete(step);
      const itself = new Bytes(hex(honest));
      return changedBytes(
        part,
        bytes,
        changeOf(step, (name, args) => (name === part ? itself : scope(name, args))),
      );
    }, honest);
  const check = () => {
    for (const { place } of left) throw new RangeError(`nothing here is made of "${place}"`);
  };
  return { alter, check };
}

function changedBytes(part: string, bytes: Uint8Array, change: Change): Uint8Array {
  const source = { in: { [part]: hex(bytes) } };
  const changed = mutate(source, { ...change, path: `in.${part}` }, () => source);
  return bytesOf(String(changed.in[part]));
}

function at(value: JsonObject, path: readonly string[]): Json {
  return path.reduce<Json>((inner, name) => {
    const next = (inner as { readonly [name: string]: Json } | null)?.[name];
    if (next === undefined) throw new RangeError(`the positive case has no ${path.join('.')}`);
    return next;
  }, value);
}

/** Does what a row asks for; what goes wrong has the row's file and line. */
export function atRow<Made>({ place }: Pick<RowOf<'faults'>, 'place'>, make: () => Made): Made {
  try {
    return make();
  } catch (failure) {
    throw new DefectiveTables([{ ...place, message: (failure as Error).message }]);
  }
}
