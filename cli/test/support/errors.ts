import type { Test } from 'tap';
import { CommandError } from '../../src/command-error.ts';

/** Part of a failure's details; texts by pattern. */
export interface Expected {
  readonly exit: number;
  readonly message?: RegExp | string;
  readonly hint?: RegExp | string;
}

function check(t: Test, error: unknown, expected: Expected): void {
  if (error instanceof CommandError) t.match(error.details, expected);
  else t.fail('not a CommandError', { error });
}

/** `t.throws` for a CommandError with these details. */
export function throwsCommandError(t: Test, run: () => unknown, expected: Expected): void {
  try {
    run();
  } catch (error) {
    check(t, error, expected);
    return;
  }
  t.fail('nothing was thrown');
}

/** `t.rejects` for a CommandError with these details. */
export async function rejectsWithCommandError(t: Test, promise: Promise<unknown>, expected: Expected): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  check(t, error, expected);
}
