import { type Change, changeOf } from '../src/faults/change.ts';
import { evaluate, toJson } from '../src/faults/evaluate.ts';
import { ALL, mutate, REMADE, type Source } from '../src/faults/mutate.ts';
import type { Step } from '../src/faults/notation.ts';
import { isOfCase } from '../src/faults/places.ts';
import type { Bug, CaseRow, FaultRow, HarmlessRow, StoryRow, Tables } from '../src/faults/tables.ts';
import { type Case, published } from './case.ts';
import { SEED } from './kit/labelled.ts';
import type { Expectation, Json, JsonObject, Mutation, Note, PlacedFile } from './model.ts';
import { type Alter, alteration, atRow, type Names, scopeAlone, scopeOf } from './rows.ts';

interface Said {
  readonly req: readonly string[];
  readonly flags?: readonly string[];
  readonly comment: string;
  /** The source of a published value. */
  readonly source?: string;
}

export interface Positive extends Said {
  readonly in: JsonObject;
  readonly draws?: JsonObject;
  readonly now_ms?: number;
  readonly ok: JsonObject;
}

/** A whole new input, of a kind that `remade` tells. */
interface Remade {
  readonly remade: string;
  readonly in: JsonObject;
}

export interface Negative extends Said {
  readonly of: string;
  readonly reject: string;
  readonly change: readonly Change[] | Remade;
}

export interface DraftOptions {
  /** Refusals must not have let plaintext out: the op opens something. */
  readonly opens?: true;
  /** The values of the names in the file's rows. */
  readonly names?: Names;
  /** Members of `in` that only secrets could make, made anew with the parts that a row alters. */
  readonly remake?: (twin: Case, alter: Alter, slug: string) => JsonObject;
  /** The names that cases give to rows that were made anew; the slug by default. */
  readonly remadeAs?: (slug: string) => string;
  /** The case of a row of stories. */
  readonly tell?: (row: StoryRow, id: string) => { readonly in: JsonObject; readonly ok: JsonObject };
}

/** One vector file in the making. Slugs become ids `area/topic/slug`. */
export class Draft {
  readonly path: string;
  readonly op: string;
  readonly #cases = new Map<string, Case>();
  readonly #options: DraftOptions;
  #bugs: readonly Bug[] = [];

  constructor(path: string, op: string, options: DraftOptions = {}) {
    this.path = path;
    this.op = op;
    this.#options = options;
  }

  id(slug: string): string {
    return `${this.path}/${slug}`;
  }

  /** The case with that slug, for those that build on it. */
  case(slug: string): Case {
    return this.#get(this.id(slug));
  }

  positive(slug: string, { ok, ...rest }: Positive): void {
    this.#add(slug, rest, { ok });
  }

  /** A fault, derived from the positive case `of`. */
  negative(slug: string, { of, reject, change, ...said }: Negative): void {
    const twin = this.case(of);
    const { source, mutation } =
      'remade' in change
        ? { source: { ...twin, in: change.in }, mutation: { op: REMADE, path: 'in', arg: change.remade } }
        : this.#changed(twin, change);
    const expect = { reject: { class: [reject] }, ...(this.#options.opens && { released: '' }) };
    this.#add(slug, { ...said, ...sourceOf(source) }, expect, { of: twin.id, ...mutation });
  }

  /** Adds the rows that the tables have for this file. Throws DefectiveTables. */
  addRows({ cases, stories, harmless, faults, bugs }: Tables): this {
    this.#bugs = bugs;
    const mine = ({ path }: { readonly path: string }) => path === this.path;
    for (const row of cases.filter(mine)) atRow(row, () => this.#case(row));
    for (const row of stories.filter(mine)) atRow(row, () => this.#story(row));
    for (const row of harmless.filter(mine)) atRow(row, () => this.#harmless(row));
    for (const row of faults.filter(mine)) atRow(row, () => this.#fault(row));
    return this;
  }

  finish(agreedBy: readonly string[]): PlacedFile {
    const cases = [...this.#cases.values()].map(published);
    const flags = [...new Set(cases.flatMap((one) => one.flags))].sort();
    const file = {
      schema: '../../schema/vectors.schema.json',
      suite: '0k-conformance/1',
      spec: '0k-sync/v1',
      license: 'CC0-1.0',
      op: this.op,
      requires: [this.op],
      source: { generator: 'conformance/generate', seed: SEED, agreed_by: agreedBy },
      notes: Object.fromEntries(flags.map((flag) => [flag, this.#note(flag)])),
      cases,
    };
    return { path: this.path, file };
  }

  #case({ slug, in: input, ok, ...said }: CaseRow): void {
    const id = this.id(slug);
    const scope = scopeAlone(id, this.#options.names ?? {});
    const json = (expression: CaseRow['in']) => toJson(evaluate(expression, scope)) as JsonObject;
    this.positive(slug, { ...saidBy(said), in: json(input), ok: json(ok) });
  }

  #story(row: StoryRow): void {
    const told = this.#options.tell?.(row, this.id(row.slug));
    if (told === undefined) throw new RangeError(`${this.path} tells no stories`);
    this.positive(row.slug, { ...saidBy(row), ...told });
  }

  #harmless({ slug, of, change, gives = [], ...said }: HarmlessRow): void {
    const twin = this.case(of);
    const scope = this.#scope(twin, slug);
    const { source, mutation } = this.#changed(
      twin,
      change.map((step) => this.#changeOf(step, scope)),
    );
    const answer = 'ok' in twin.expect ? twin.expect.ok : {};
    const after = this.#scope({ ...twin, in: source.in }, slug);
    const ok = gives.reduce((so, step) => changedAnswer(so, changeOf(step, after)), answer);
    this.#add(slug, { ...saidBy(said), ...source }, { ok }, { of: twin.id, ...mutation });
  }

  #fault({ slug, of, change, class: reject, ...said }: FaultRow): void {
    const twin = this.case(of);
    const scope = this.#scope(twin, slug);
    const parts = change.filter(({ place }) => !isOfCase(place));
    const changes = change.filter(({ place }) => isOfCase(place)).map((step) => this.#changeOf(step, scope));
    const remake = changes.find(({ op }) => op === REMADE);
    if (parts.length === 0 && remake === undefined) {
      this.negative(slug, { of, reject, change: changes, ...saidBy(said) });
      return;
    }
    const { remadeAs = (same: string) => same } = this.#options;
    const { alter, check } = alteration(parts, scope);
    const rest = changes.filter((one) => one !== remake);
    const { in: input } = rest.length === 0 ? twin : this.#changed(twin, rest).source;
    const made = { ...input, ...this.#options.remake?.(twin, alter, slug) };
    check();
    this.negative(slug, {
      of,
      reject,
      change: { remade: String(remake?.arg ?? remadeAs(slug)), in: made },
      ...saidBy(said),
    });
  }

  #scope(twin: Case, slug: string) {
    return scopeOf({ id: this.id(slug), twin }, this.#options.names ?? {});
  }

  #changeOf(step: Step, scope: ReturnType<typeof scopeOf>): Change {
    const change = changeOf(step, scope);
    return change.op === 'splice' ? { ...change, arg: this.id(String(change.arg)) } : change;
  }

  #changed(
    twin: Case,
    changes: readonly Change[],
  ): { readonly source: Source; readonly mutation: Omit<Mutation, 'of'> } {
    const [one] = changes;
    const mutation =
      one !== undefined && changes.length === 1 ? one : { op: ALL, path: 'in', arg: changes as unknown as Json };
    return { source: sourceOf(mutate(sourceOf(twin), mutation, (id) => this.#get(id))), mutation };
  }

  #note(flag: string): Note {
    const found = this.#bugs.find(({ bug }) => bug === flag);
    if (found === undefined) throw new RangeError(`no table of bugs has ${flag}`);
    return { bug: found.mistake, effect: found.effect, links: found.requirements };
  }

  #get(id: string): Case {
    const found = this.#cases.get(id);
    if (found === undefined) throw new RangeError(`there is no case ${id} yet`);
    return found;
  }

  #add(slug: string, said: Said & Source, expect: Expectation, mutation?: Mutation): void {
    const id = this.id(slug);
    if (this.#cases.has(id)) throw new RangeError(`there are two cases ${id}`);
    const { flags = [], ...rest } = said;
    const twin = mutation !== undefined && 'reject' in expect ? { twin: mutation.of } : {};
    this.#cases.set(id, { id, flags, ...rest, ...twin, expect, ...(mutation && { mutation }) });
  }
}

function saidBy({ requirements, bug, says }: Pick<FaultRow, 'requirements' | 'bug' | 'says'>): Said {
  return { req: requirements, flags: bug === undefined ? [] : [bug], comment: says };
}

function sourceOf({ in: input, draws, now_ms }: Source): Source {
  return { in: input, ...(draws !== undefined && { draws }), ...(now_ms !== undefined && { now_ms }) };
}

/** The answer after a change of `ok`; its members keep their order. */
function changedAnswer(ok: JsonObject, change: Change): JsonObject {
  const source = { in: {}, ok };
  const changed = mutate(source, change, () => source) as Source & { readonly ok: JsonObject };
  return inOrderOf(ok, changed.ok) as JsonObject;
}

function inOrderOf(first: Json | undefined, then: Json): Json {
  if (Array.isArray(then))
    return then.map((item, index) => inOrderOf((first as readonly Json[] | undefined)?.[index], item));
  if (typeof then !== 'object' || then === null) return then;
  const known = typeof first === 'object' && first !== null ? (first as JsonObject) : {};
  const names = [...new Set([...Object.keys(known), ...Object.keys(then)])].filter((name) => name in then);
  return Object.fromEntries(names.map((name) => [name, inOrderOf(known[name], (then as JsonObject)[name] ?? null)]));
}
