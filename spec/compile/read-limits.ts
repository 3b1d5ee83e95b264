import { checkUnique, readInteger } from './cells.ts';
import { compareId } from './identifiers.ts';
import type { Label, Limit } from './model.ts';
import type { Report } from './report.ts';
import type { Tables } from './tables.ts';

const LIMIT_NAME = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const LABEL = /^0k-sync\/v1\/([a-z0-9]+(?:-[a-z0-9]+)*)$/;
/** Units that stand in the name, as its last word before MAX or MIN. */
const UNIT_WORDS: Readonly<Record<string, string>> = { bytes: 'BYTES', ms: 'MS' };

/** Reads the limits table. */
export function readLimits(tables: Tables, report: Report): Limit[] {
  const limits = tables.limits.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => {
      const wrong = LIMIT_NAME.test(cell.name)
        ? findUnitDefect(cell.name, cell.unit)
        : 'is not in upper case with its unit last';
      if (wrong !== undefined) report(place, `the limit name ${cell.name} ${wrong}`);
      return {
        place,
        id: cell.id,
        name: cell.name,
        value: readInteger(cell.value, place, report),
        unit: cell.unit,
        meaning: cell.meaning,
      };
    }),
  );
  checkUnique(limits, ({ name }) => name, 'limit', report);
  return limits.sort((a, b) => compareId(a.id, b.id));
}

/** Bytes and milliseconds end in BYTES, MS (then MAX or MIN, or not); whatever is counted ends in MAX or MIN. */
function findUnitDefect(name: string, unit: string): string | undefined {
  const words = name.split('_');
  const bounded = words.at(-1) === 'MAX' || words.at(-1) === 'MIN';
  const unitWord = words.at(bounded ? -2 : -1) ?? '';
  const expected = UNIT_WORDS[unit];
  if (expected !== undefined) return unitWord === expected ? undefined : `does not end in the unit ${expected}`;
  if (Object.values(UNIT_WORDS).includes(unitWord)) return `ends in ${unitWord}, but its unit is "${unit}"`;
  return bounded ? undefined : 'does not end in MAX or MIN';
}

/** Reads the labels table. */
export function readLabels(tables: Tables, report: Report): Label[] {
  const labels = tables.labels.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => {
      const purpose = LABEL.exec(cell.label)?.[1];
      if (purpose === undefined) report(place, `the label "${cell.label}" is not 0k-sync/v1/<purpose>`);
      const name = `LABEL_${(purpose ?? '').replaceAll('-', '_').toUpperCase()}`;
      return { place, id: cell.id, label: cell.label, name, use: cell.use };
    }),
  );
  checkUnique(labels, ({ label }) => label, 'label', report);
  return labels.sort((a, b) => compareId(a.id, b.id));
}
