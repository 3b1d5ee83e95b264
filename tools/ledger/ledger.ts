import type { Defect } from '../../spec/compile/report.ts';
import type { Evidence } from './evidence.ts';
import { findIds } from './ids.ts';
import type { Obligation } from './obligations.ts';

/** A row of the spec and what exercises it. */
export type Entry = Obligation & { readonly evidence: readonly Evidence[] };

/** Joins rows and evidence. Defects: a name with an id that the spec does not have, and a `must` that nothing exercises. */
export function buildLedger(
  obligations: readonly Obligation[],
  evidence: readonly Evidence[],
): { readonly entries: readonly Entry[]; readonly defects: readonly Defect[] } {
  const known = obligations.map(({ id }) => id);
  const found = new Map<string, Evidence[]>(known.map((id) => [id, []]));
  const defects: Defect[] = [];
  for (const each of evidence) {
    for (const id of findIds(each.name, known)) {
      const list = found.get(id);
      if (list === undefined)
        defects.push({ ...each.place, message: `"${each.name}" names ${id}, which spec/ does not have` });
      else list.push(each);
    }
  }
  const entries = obligations.map((obligation) => ({ ...obligation, evidence: found.get(obligation.id) ?? [] }));
  for (const { id, level, place, evidence: list } of entries) {
    if (level === 'must' && list.length === 0) {
      defects.push({ ...place, message: `no vector, scenario or test exercises ${id}` });
    }
  }
  return { entries, defects };
}
