import type { Importance, TestInfo } from '../model.ts';
import type { Members } from '../zkcp/protocol.ts';

/** The expected answer of a case: the result, or the reject classes that satisfy it. */
export type Expectation =
  | { readonly ok: Members }
  | {
      readonly reject: { readonly class: readonly string[] };
      /** The plaintext that may leave before the failure is known; empty for none. */
      readonly released?: string;
    };

/** One case of a vector file as it stands there; conformance/schema/vectors.schema.json. */
export interface VectorCase {
  readonly id: string;
  readonly rev: number;
  readonly since: string;
  readonly level: Importance;
  readonly importance?: string;
  readonly req: readonly string[];
  readonly flags?: readonly string[];
  readonly comment: string;
  /** The positive case that a negative one was derived from. */
  readonly twin?: string;
  readonly now_ms?: number | string;
  readonly in: Members;
  readonly draws?: Members;
  readonly expect: Expectation;
  readonly mutation?: Members;
  /** Names a group of cases that are readings of one ambiguity: an implementation may choose one, and must choose the same everywhere. */
  readonly choice_group?: string;
}

/** The mistake that a flag stands for. */
export interface VectorNote {
  readonly bug: string;
  readonly effect?: string;
  /** Requirements and addresses. */
  readonly links?: readonly string[];
}

/** A vector file; conformance/schema/vectors.schema.json. */
export interface VectorFile {
  readonly op: string;
  readonly notes?: Readonly<Record<string, VectorNote>>;
  readonly requires?: readonly string[];
  readonly cases: readonly VectorCase[];
}

/** A case as a test. */
export interface VectorTest extends TestInfo {
  readonly op: string;
  readonly twin: string | undefined;
  readonly vector: VectorCase;
  /** The notes of its file, by flag. */
  readonly notes: Readonly<Record<string, VectorNote>>;
}

/** True for a case that must be refused. */
export function isNegative(test: VectorTest): boolean {
  return 'reject' in test.vector.expect;
}
