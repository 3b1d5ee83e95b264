import { CommandError, systemCodeOf } from './command-error.ts';
import { exitCodes } from './exit.ts';
import type { Output } from './terminal.ts';

function unwritableError(error: unknown): CommandError {
  return new CommandError({
    exit: exitCodes.output,
    kind: 'output',
    message: `cannot write the output: ${systemCodeOf(error)}`,
    hint: 'give stdout to a program or file that takes it; what is stored stays stored, and nothing unprinted counts as read',
  });
}

/** Writes text to stdout. Resolves once it is written, and rejects with CommandError `output` when it cannot be. */
export function writeOutput(output: Output, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  output.write(text, (error) => (error ? reject(unwritableError(error)) : resolve()));
  return promise;
}
