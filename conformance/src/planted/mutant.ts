import type { Level } from '../model.ts';
import type { Fault } from './fault.ts';
import type { Mutation } from './mutation.ts';

/** A mistake in the source, and the scenarios of any role that have to notice. */
export interface Mutant extends Mutation {
  /** The name without the role, which goes in front: `wire-two-bodies` is `relay-wire-two-bodies` and `client-wire-two-bodies`. */
  readonly name: string;
  /** One clause that says what is wrong. */
  readonly what: string;
  /** Globs of scenarios, each of which has to fail. */
  readonly killedBy: readonly string[];
  /** A second change, if another part of the code would make up for the mistake. */
  readonly also?: Mutation;
}

const ROLES: readonly Level[] = ['relay', 'client', 'pair'];

/** The mutant as a fault of each role that one of its scenarios belongs to. */
export function faultsOf({ name, what, killedBy, file, from, to, also }: Mutant): Fault[] {
  return ROLES.map((level) => ({
    name: `${level}-${name}`,
    level,
    what,
    killedBy: killedBy.filter((id) => id.startsWith(`${level}/`)),
    mutations: [{ file, from, to }, ...(also ? [also] : [])],
  })).filter((fault) => fault.killedBy.length > 0);
}
