/** Longest wait for anything that a peer owes at once, ms. */
export const PATIENCE_MS = 30_000;

/** Something did not happen in time. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor(what: string, deadlineMs: number) {
    super(`${what}: not within ${deadlineMs} ms`);
  }
}

/** The promise's value. Rejects with `TimedOut` after `deadlineMs`; a deadline of Infinity never comes. */
export async function within<Value>(promise: Promise<Value>, what: string, deadlineMs = PATIENCE_MS): Promise<Value> {
  if (deadlineMs === Number.POSITIVE_INFINITY) return await promise;
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimedOut(what, deadlineMs)), deadlineMs);
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
