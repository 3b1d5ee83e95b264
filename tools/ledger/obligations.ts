import type { Checked } from '../../spec/compile/compile.ts';
import { check } from '../../spec/compile/compile.ts';
import { compareId } from '../../spec/compile/identifiers.ts';
import type { Defect, Place } from '../../spec/compile/report.ts';
import { readSources } from '../../spec/compile/sources.ts';

/** A row of the spec that has an id. */
export type Obligation = {
  readonly id: string;
  /** `must` rows are exercised; transitions and labels are such rows. A limit only defines a number. */
  readonly level: 'must' | 'should' | 'may' | 'defines';
  readonly text: string;
  readonly place: Place;
};

/** The rows of spec/ below `root`, by id, and what keeps it from compiling. */
export function readObligations(root: string): {
  readonly obligations: readonly Obligation[];
  readonly defects: readonly Defect[];
} {
  const { checked, defects } = check(readSources(root));
  const obligations = checked === undefined ? [] : toObligations(checked);
  return { obligations: obligations.sort((a, b) => compareId(a.id, b.id)), defects };
}

function toObligations({ model }: Checked): Obligation[] {
  const transitions = model.machines.flatMap(({ name, rows }) =>
    rows.map(({ id, place, state, event, next, actions }) => ({
      id,
      level: 'must' as const,
      text: `${name}: ${event} in ${state === '*' ? 'any other state' : state} leads to ${next === '=' ? 'the same' : next}${actions.map((action) => `, ${action}`).join('')}`,
      place,
    })),
  );
  const labels = model.labels.map(({ id, place, label, use }) => ({
    id,
    level: 'must' as const,
    text: `\`${label}\`: ${use}`,
    place,
  }));
  const limits = model.limits.map(({ id, place, name, value, unit, meaning }) => ({
    id,
    level: 'defines' as const,
    text: `${name} = ${value} ${unit}: ${meaning}`,
    place,
  }));
  const requirements = model.requirements.map(({ id, level, text, place }) => ({ id, level, text, place }));
  return [...requirements, ...transitions, ...labels, ...limits];
}
