import type { Place, Report } from './report.ts';

/** The text of an empty cell. */
const NONE = '—';
const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The entries of a comma separated cell; `—` has none. */
export function readList(cell: string): string[] {
  return cell === NONE ? [] : cell.split(',').map((entry) => entry.trim());
}

/** The cell, or null for `—`. */
export function readOptional(cell: string): string | null {
  return cell === NONE ? null : cell;
}

/** Reads one of `choices`. Reports any other text and then returns the first choice. */
export function readChoice<T extends string>(
  cell: string,
  choices: readonly [T, ...T[]],
  place: Place,
  report: Report,
): T {
  const found = choices.find((choice) => choice === cell);
  if (found === undefined) report(place, `"${cell}" is none of ${choices.join(', ')}`);
  return found ?? choices[0];
}

/** A whole number, written in digits with optional `_`, or a product of such; at most 2^53-1. */
export function readInteger(cell: string, place: Place, report: Report): number {
  const factors = cell.split('*').map((factor) => factor.trim());
  if (!factors.every((factor) => /^\d+(_\d+)*$/.test(factor))) {
    report(place, `"${cell}" is not a whole number or a product of whole numbers`);
    return 0;
  }
  const value = factors.reduce((product, factor) => product * BigInt(factor.replaceAll('_', '')), 1n);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) report(place, `"${cell}" is above 2^53-1`);
  return Number(value);
}

/** Reports a name that is not lower-case words joined by hyphens. */
export function checkKebab(name: string, what: string, place: Place, report: Report): void {
  if (!KEBAB.test(name)) report(place, `the ${what} "${name}" is not in kebab-case`);
}

/** Reports each item whose key an earlier one has. */
export function checkUnique<T extends { readonly place: Place }>(
  items: readonly T[],
  keyOf: (item: T) => string,
  what: string,
  report: Report,
): void {
  const seen = new Map<string, Place>();
  for (const item of items) {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item.place);
    else report(item.place, `the ${what} "${key}" stands at ${first.file}:${first.line} already`);
  }
}
