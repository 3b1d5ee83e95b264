/** The function of Node, Bun and Deno for the next turn; a timer of 0 ms waits for a millisecond and more. */
const { setImmediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown };

/** Lets the event loop serve what else is due, in the middle of long work. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
}
