import { SEED } from './kit/labelled.ts';
import type { Expectation, Json, JsonObject, PlacedFile, VectorCase } from './model.ts';
import { mutate, REMADE, type Source } from './mutate.ts';
import { noteOf } from './notes.ts';

const SINCE = '0.1.0';
/** Classes of refusals that keep content secret, authentic, in order, or an end who it claims to be. */
const CRITICAL =
  /^(?:handshake\.(?:auth|kem|identity|downgrade)|envelope\.(?:auth|binding|chain|replay)|session\.unauthorized)$/;

interface Said {
  readonly req: readonly string[];
  readonly flags?: readonly string[];
  readonly comment: string;
}

export interface Positive extends Said {
  readonly in: JsonObject;
  readonly draws?: JsonObject;
  readonly now_ms?: number;
  readonly ok: JsonObject;
  /** Where a published value comes from. */
  readonly source?: string;
  /** How it came from another positive case, for harmless changes. */
  readonly mutation?: { readonly of: string; readonly op: string; readonly path: string; readonly arg?: Json };
}

/** A change of the positive case `of`: `[mutator, path, argument]`, or a whole new input that only secrets could make. */
export interface Negative extends Said {
  readonly of: string;
  readonly reject: string;
  readonly source?: string;
  readonly change:
    | readonly [op: string, path: string, arg?: Json]
    | { readonly remade: string; readonly in: JsonObject };
  /** Further changes that the case needs to have two faults at once. EN-20. */
  readonly and?: readonly [op: string, path: string, arg?: Json];
}

/** One vector file in the making. Slugs become ids `area/topic/slug`. */
export class Draft {
  readonly path: string;
  readonly op: string;
  readonly #cases = new Map<string, VectorCase>();
  /** Whether refusals may have let plaintext out: ops that open something. */
  readonly #opens: boolean;

  constructor(path: string, op: string, { opens = false } = {}) {
    this.path = path;
    this.op = op;
    this.#opens = opens;
  }

  id(slug: string): string {
    return `${this.path}/${slug}`;
  }

  positive(slug: string, { ok, mutation, ...rest }: Positive): void {
    const whole = mutation && { ...mutation, of: this.id(mutation.of) };
    this.#add(slug, rest, { ok }, whole && { mutation: whole });
  }

  /** A harmless change of the positive case `of`. */
  variant(slug: string, of: string, change: readonly [string, string, Json?], said: Said & { ok?: JsonObject }): void {
    const twin = this.#get(this.id(of));
    const [op, path, arg] = change;
    const source = mutate(twin, { op, path, ...(arg !== undefined && { arg: this.#argument(op, arg) }) }, (id) =>
      this.#get(id),
    );
    const { ok = (twin.expect as { ok: JsonObject }).ok, ...rest } = said;
    const mutation = { of, op, path, ...(arg !== undefined && { arg: this.#argument(op, arg) }) };
    this.positive(slug, { ...rest, ...source, ok, mutation });
  }

  negative(slug: string, { of, reject, change, and, ...said }: Negative): void {
    const twin = this.#get(this.id(of));
    const expect = { reject: { class: [reject] }, ...(this.#opens && { released: '' }) };
    if (!Array.isArray(change)) {
      const { remade, in: input } = change as { readonly remade: string; readonly in: JsonObject };
      const mutation = { of: twin.id, op: REMADE, path: 'in', arg: remade };
      this.#add(slug, { ...said, ...sourceOf(twin), in: input }, expect, { twin: twin.id, mutation });
      return;
    }
    const changes = [change as readonly [string, string, Json?], ...(and ? [and] : [])].map(([op, path, arg]) => ({
      op,
      path,
      ...(arg !== undefined && { arg: this.#argument(op, arg) }),
    }));
    const source = changes.reduce<Source>((so, one) => mutate(so, one, (id) => this.#get(id)), sourceOf(twin));
    const [first] = changes;
    const mutation =
      first !== undefined && changes.length === 1
        ? { of: twin.id, ...first }
        : { of: twin.id, op: 'all', path: 'in', arg: changes as unknown as Json };
    this.#add(slug, { ...said, ...source }, expect, { twin: twin.id, mutation });
  }

  /** The case with that slug, for those that build on it. */
  case(slug: string): VectorCase {
    return this.#get(this.id(slug));
  }

  finish(agreedBy: readonly string[]): PlacedFile {
    const cases = [...this.#cases.values()];
    const flags = [...new Set(cases.flatMap((one) => one.flags))].sort();
    const file = {
      schema: '../../schema/vectors.schema.json',
      suite: '0k-conformance/1',
      spec: '0k-sync/v1',
      license: 'CC0-1.0',
      op: this.op,
      requires: [this.op],
      source: { generator: 'conformance/generate', seed: SEED, agreed_by: agreedBy },
      notes: Object.fromEntries(flags.map((flag) => [flag, noteOf(flag)])),
      cases,
    };
    return { path: this.path, file };
  }

  #argument(op: string, arg: Json): Json {
    return op === 'splice' ? this.id(arg as string) : arg;
  }

  #get(id: string): VectorCase {
    const found = this.#cases.get(id);
    if (found === undefined) throw new RangeError(`there is no case ${id} yet`);
    return found;
  }

  #add(
    slug: string,
    said: Said & Source & { readonly source?: string },
    expect: Expectation,
    rest: Pick<VectorCase, never> & { readonly twin?: string; readonly mutation?: VectorCase['mutation'] } = {},
  ): void {
    const id = this.id(slug);
    if (this.#cases.has(id)) throw new RangeError(`there are two cases ${id}`);
    const classes = 'reject' in expect ? expect.reject.class : [];
    this.#cases.set(id, {
      id,
      rev: 1,
      since: SINCE,
      level: 'must',
      importance: classes.some((one) => CRITICAL.test(one)) ? 'critical' : 'normal',
      req: said.req,
      flags: said.flags ?? [],
      comment: said.comment,
      ...(said.source !== undefined && { source: said.source }),
      ...(rest.twin !== undefined && { twin: rest.twin }),
      ...(said.now_ms !== undefined && { now_ms: said.now_ms }),
      in: said.in,
      ...(said.draws !== undefined && { draws: said.draws }),
      expect,
      ...(rest.mutation !== undefined && { mutation: rest.mutation }),
    });
  }
}

function sourceOf({ in: input, draws, now_ms }: VectorCase): Source {
  return { in: input, ...(draws !== undefined && { draws }), ...(now_ms !== undefined && { now_ms }) };
}
