import { AsyncLocalStorage } from 'node:async_hooks';

const logs = new AsyncLocalStorage<string[]>();

/** Runs `work`; every line that adapters exchange on its behalf goes into `log`, also when several run at once. */
export function logged<Value>(log: string[], work: () => Promise<Value>): Promise<Value> {
  return logs.run(log, work);
}

export function currentLog(): string[] | undefined {
  return logs.getStore();
}

const LINE_LENGTH_MAX = 4096;

/** A line that people can still read. */
export function cutLine(line: string): string {
  return line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX)}… (${line.length} characters)` : line;
}
