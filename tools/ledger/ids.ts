/** An id of the spec. `F-001`, `SR-002` and `CLI-004` are rows of docs/lessons.md instead. */
const MENTION = /(?<![\w-])([A-Z]{2})-([1-9]\d{2}|\d{2})(?![\w-])/.source;
const MENTIONS = new RegExp(`${MENTION}(?: to ${MENTION})?`, 'g');

/**
 * The ids that a text names, each once. `SE-30 to SE-65` names all of `known` from the first to the last; an end that
 * is not known is named too, so that the caller can tell.
 */
export function findIds(text: string, known: readonly string[]): string[] {
  const found = new Set<string>();
  for (const [, prefix = '', first = '', lastPrefix, last] of text.matchAll(MENTIONS)) {
    found.add(`${prefix}-${first}`);
    if (lastPrefix === undefined || last === undefined) continue;
    if (lastPrefix === prefix) for (const id of between(known, prefix, Number(first), Number(last))) found.add(id);
    found.add(`${lastPrefix}-${last}`);
  }
  return [...found];
}

function between(known: readonly string[], prefix: string, first: number, last: number): string[] {
  return known.filter((id) => {
    const [idPrefix, number] = id.split('-');
    return idPrefix === prefix && Number(number) >= first && Number(number) <= last;
  });
}
