import type { Expectation, JsonObject, Mutation, VectorCase } from './model.ts';

/** A case in the making: what differs from case to case. */
export interface Case {
  readonly id: string;
  readonly req: readonly string[];
  readonly flags: readonly string[];
  readonly comment: string;
  /** The source of a published value. */
  readonly source?: string;
  readonly twin?: string;
  readonly now_ms?: number;
  readonly in: JsonObject;
  readonly draws?: JsonObject;
  readonly expect: Expectation;
  readonly mutation?: Mutation;
}

/** Classes of refusals that keep content secret, authentic, in order, or an end who it claims to be. */
const CRITICAL =
  /^(?:handshake\.(?:auth|kem|identity|downgrade)|envelope\.(?:auth|binding|chain|replay)|session\.unauthorized)$/;

/** The case as its file has it. */
export function published({ id, ...rest }: Case): VectorCase {
  const classes = 'reject' in rest.expect ? rest.expect.reject.class : [];
  const importance = classes.some((one) => CRITICAL.test(one)) ? 'critical' : 'normal';
  return { id, rev: 1, since: '0.1.0', level: 'must', importance, ...inOrder(rest) };
}

/** Members in the order of the files; what is not there is left out. */
function inOrder(rest: Omit<Case, 'id'>): Omit<Case, 'id'> {
  const { req, flags, comment, source, twin, now_ms, in: input, draws, expect, mutation } = rest;
  return {
    req,
    flags,
    comment,
    ...(source !== undefined && { source }),
    ...(twin !== undefined && { twin }),
    ...(now_ms !== undefined && { now_ms }),
    in: input,
    ...(draws !== undefined && { draws }),
    expect,
    ...(mutation !== undefined && { mutation }),
  };
}
