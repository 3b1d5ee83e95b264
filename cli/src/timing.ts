/** What became of something that was waited for. */
export type Waited<T> =
  | { readonly outcome: 'done'; readonly value: T }
  | { readonly outcome: 'timeout' }
  | { readonly outcome: 'interrupted' };

/** Waits for a promise, a number of milliseconds or an interruption, whichever is first. Its rejection passes through. */
export async function waitFor<T>(promise: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<Waited<T>> {
  const { promise: ended, resolve } = Promise.withResolvers<Waited<T>>();
  const timer = setTimeout(() => resolve({ outcome: 'timeout' }), milliseconds);
  const interrupt = () => resolve({ outcome: 'interrupted' });
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    return await Promise.race([promise.then((value): Waited<T> => ({ outcome: 'done', value })), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}
