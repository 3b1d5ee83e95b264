import type { Checked } from '../../spec/compile/compile.ts';
import { check } from '../../spec/compile/compile.ts';
import { compareId } from '../../spec/compile/identifiers.ts';
import type { Defect, Place } from '../../spec/compile/report.ts';
import { labelText, limitText, transitionText } from '../../spec/compile/row-text.ts';
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
    rows.map((row) => ({ id: row.id, level: 'must' as const, text: transitionText(name, row), place: row.place })),
  );
  const labels = model.labels.map((label) => ({
    id: label.id,
    level: 'must' as const,
    text: labelText(label),
    place: label.place,
  }));
  const limits = model.limits.map((limit) => ({
    id: limit.id,
    level: 'defines' as const,
    text: limitText(limit),
    place: limit.place,
  }));
  const requirements = model.requirements.map(({ id, level, text, place }) => ({ id, level, text, place }));
  return [...requirements, ...transitions, ...labels, ...limits];
}
