/** The end of a wait: the promise resolved, the time was over, or the user interrupted. */
export type Waited<T> =
  | { readonly end: 'done'; readonly value: T }
  | { readonly end: 'timeout' }
  | { readonly end: 'interrupted' };

/** Waits for a promise, at most `milliseconds`, and until `signal` aborts. Rejects as the promise does. */
export async function waitFor<T>(promise: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<Waited<T>> {
  const { promise: ended, resolve } = Promise.withResolvers<Waited<T>>();
  const timer = setTimeout(() => resolve({ end: 'timeout' }), milliseconds);
  const interrupt = () => resolve({ end: 'interrupted' });
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    return await Promise.race([promise.then((value): Waited<T> => ({ end: 'done', value })), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}
