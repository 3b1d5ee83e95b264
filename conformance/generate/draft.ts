import { SEED } from './kit/labelled.ts';
import type { Expectation, Json, JsonObject, Mutation, PlacedFile, VectorCase } from './model.ts';
import { ALL, mutate, REMADE, type Source } from './mutate.ts';
import { noteOf } from './notes.ts';

const SINCE = '0.1.0';
/** Classes of refusals that keep content secret, authentic, in order, or an end who it claims to be. */
const CRITICAL =
  /^(?:handshake\.(?:auth|kem|identity|downgrade)|envelope\.(?:auth|binding|chain|replay)|session\.unauthorized)$/;

type Change = readonly [op: string, path: string, arg?: Json];

/** What a change gives, and how it is written down. */
interface Made {
  readonly source: Source;
  readonly mutation: Mutation;
}

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
}

interface Variant extends Said {
  readonly ok?: JsonObject | ((input: JsonObject) => JsonObject);
}

/** A change of the positive case `of`: `[mutator, path, argument]`, or a whole new input that only secrets could make. */
export interface Negative extends Said {
  readonly of: string;
  readonly reject: string;
  readonly source?: string;
  readonly change: Change | { readonly remade: string; readonly in: JsonObject };
  /** A second change, for two faults at once. EN-20. */
  readonly and?: Change;
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

  positive(slug: string, { ok, ...rest }: Positive): void {
    this.#add(slug, rest, { ok });
  }

  /** A harmless change of the positive case `of`; without `ok` the answer stays the same. */
  variant(slug: string, of: string, change: Change, { ok, ...said }: Variant): void {
    const twin = this.#get(this.id(of));
    const { source, mutation } = this.#changed(twin, [change]);
    const same = 'ok' in twin.expect ? twin.expect.ok : {};
    const answer = typeof ok === 'function' ? ok(source.in) : (ok ?? same);
    this.#add(slug, { ...said, ...source }, { ok: answer }, { mutation });
  }

  /** A fault, derived from the positive case `of`. */
  negative(slug: string, { of, reject, change, and, ...said }: Negative): void {
    const twin = this.#get(this.id(of));
    const { source, mutation } =
      'remade' in change ? remadeOf(twin, change) : this.#changed(twin, and === undefined ? [change] : [change, and]);
    const expect = { reject: { class: [reject] }, ...(this.#opens && { released: '' }) };
    this.#add(slug, { ...said, ...source }, expect, { twin: twin.id, mutation });
  }

  /** Negatives of one positive case for one reason, each with its flag and its change. */
  refusals(common: Pick<Negative, 'of' | 'req' | 'reject'>) {
    return (slug: string, flag: string, comment: string, change: Change): void =>
      this.negative(slug, { ...common, flags: [flag], comment, change });
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

  #changed(twin: VectorCase, changes: readonly Change[]): Made {
    const all = changes.map(([op, path, arg]) => ({
      op,
      path,
      ...(arg !== undefined && { arg: this.#argument(op, arg) }),
    }));
    const [one] = all;
    const change = one !== undefined && all.length === 1 ? one : { op: ALL, path: 'in', arg: all };
    return {
      source: mutate(sourceOf(twin), change, (id) => this.#get(id)),
      mutation: { of: twin.id, ...change },
    };
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
    rest: { readonly twin?: string; readonly mutation?: Mutation } = {},
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

function remadeOf(twin: VectorCase, { remade, in: input }: { readonly remade: string; readonly in: JsonObject }): Made {
  const mutation = { of: twin.id, op: REMADE, path: 'in', arg: remade };
  return { source: { ...sourceOf(twin), in: input }, mutation };
}
