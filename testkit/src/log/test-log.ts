import { AsyncLocalStorage } from 'node:async_hooks';

const logs = new AsyncLocalStorage<string[]>();

/** Runs `work` and collects in `log` every line that is logged on its behalf, also while other work runs. */
export function logged<Value>(log: string[], work: () => Promise<Value>): Promise<Value> {
  return logs.run(log, work);
}

/** The log of the test for which this code runs; undefined outside `logged`. */
export function currentLog(): string[] | undefined {
  return logs.getStore();
}
