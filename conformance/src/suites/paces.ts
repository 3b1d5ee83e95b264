const FIRST_PAUSE_MS = 20;

/** Pauses between two looks at something, each twice as long as the one before, ms. They pace a wait and decide nothing. */
export function* paces(totalMs: number): Generator<number, void> {
  for (let sum = 0, next = FIRST_PAUSE_MS; sum < totalMs; sum += next, next *= 2) yield next;
}
