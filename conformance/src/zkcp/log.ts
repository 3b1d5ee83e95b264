/** Copies a text: a slice or a sum of texts would keep all of them alive. */
export function copyText(text: string, lengthMax: number): string {
  const copy = structuredClone(text.slice(0, lengthMax));
  return text.length > lengthMax ? `${copy}… (${text.length} characters)` : copy;
}

const LINE_LENGTH_MAX = 4096;

/** A line that people can still read. */
export function cutLine(line: string): string {
  return line.length > LINE_LENGTH_MAX ? copyText(line, LINE_LENGTH_MAX) : line;
}

const KIB = 1024;
/** Requests are ours, and the longest vector is kept whole. */
const REQUEST_LENGTH_MAX = 1024 * KIB;
const ANSWER_LENGTH_MAX = 64 * KIB;
/** Bound of all lines of one test, characters. */
const LOG_LENGTH_MAX = 1024 * KIB;

const lengths = new WeakMap<readonly string[], number>();
const cut = new WeakSet<readonly string[]>();

/** Adds a line to the log of a test, cut to the bounds: each answer of an adapter may have 16 MiB. */
export function keepLine(log: string[], line: string): void {
  const before = lengths.get(log) ?? 0;
  if (before > LOG_LENGTH_MAX) return;
  const most = line.startsWith('→') ? REQUEST_LENGTH_MAX : ANSWER_LENGTH_MAX;
  const after = before + Math.min(line.length, most);
  lengths.set(log, after);
  const isFull = after > LOG_LENGTH_MAX;
  if (isFull || line.length > most) cut.add(log);
  if (isFull) log.push('… the lines that follow are not kept');
  else log.push(line.length > most ? copyText(line, most) : line);
}

/** True when `keepLine` did not keep all that it was given. */
export function isCut(log: readonly string[]): boolean {
  return cut.has(log);
}
