/** A vector file and its cases, as conformance/schema/vectors.schema.json has them. */
import type { Json, JsonObject } from '../src/faults/json.ts';

export type { Json, JsonObject };

/** The bug in an implementation that a flag finds, and its effect. */
export interface Note {
  readonly bug: string;
  readonly effect: string;
  readonly links: readonly string[];
}

/** The change that made a case from its positive twin. `path` begins with `in`, `draws` or `now_ms`. */
export interface Mutation {
  /** Id of the case that was changed. */
  readonly of: string;
  readonly op: string;
  readonly path: string;
  readonly arg?: Json;
}

export type Expectation =
  | { readonly ok: JsonObject }
  | { readonly reject: { readonly class: readonly string[] }; readonly released?: string };

export interface VectorCase {
  readonly id: string;
  readonly rev: number;
  readonly since: string;
  readonly level: 'must' | 'should';
  /** `critical` where failing it breaks confidentiality, authenticity or the identity of an end. */
  readonly importance: 'critical' | 'normal';
  readonly req: readonly string[];
  readonly flags: readonly string[];
  readonly comment: string;
  readonly source?: string;
  readonly twin?: string;
  readonly now_ms?: number;
  readonly in: JsonObject;
  readonly draws?: JsonObject;
  readonly expect: Expectation;
  readonly mutation?: Mutation;
}

export interface VectorFile {
  readonly schema: string;
  readonly suite: string;
  readonly spec: string;
  readonly license: string;
  readonly op: string;
  readonly requires: readonly string[];
  readonly source: { readonly generator: string; readonly seed: string; readonly agreed_by: readonly string[] };
  readonly notes: { readonly [flag: string]: Note };
  readonly cases: readonly VectorCase[];
}

/** A file with where it stands, below conformance/vectors. */
export interface PlacedFile {
  /** `area/topic`. */
  readonly path: string;
  readonly file: VectorFile;
}
