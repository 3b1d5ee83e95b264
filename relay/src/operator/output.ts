import { OperatorFailure } from './failure.ts';

/** The part of an output stream that printing needs, such as `process.stdout`. */
interface Output {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Writes text. Resolves once it is written, and rejects with OperatorFailure when it cannot be. */
export function writeOutput(output: Output, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  output.write(text, (error) => (error ? reject(unwritable(error)) : resolve()));
  return promise;
}

function unwritable(error: Error): OperatorFailure {
  const reason = 'code' in error ? String(error.code) : error.message;
  const hint = 'give stdout to a program or file that takes it';
  return new OperatorFailure(`the output cannot be written: ${reason}`, hint, { cause: error });
}
