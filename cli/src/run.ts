import { CommanderError } from 'commander';
import { failureOf } from './client-failure.ts';
import { reporterFor } from './context.ts';
import { exitCodes } from './exit.ts';
import { Failure } from './failure.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';

/** Before the arguments are understood, an error still has to come in the form that was asked for. */
function reporterBeforeParsing(args: readonly string[], io: Io) {
  return reporterFor(io, { json: args.includes('--json'), color: !args.includes('--no-color') });
}

const HINT = 'see 0k-sync --help, or --help after a command';

function usage(message: string, hint: string): Failure {
  return new Failure({ exit: exitCodes.usage, code: 'usage', message, hint });
}

/** commander's `error: unknown option '--x'` and its suggestion, as message and hint. */
function usageFailure(error: CommanderError): Failure {
  if (error.code === 'commander.help') return usage('no command was given', HINT);
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  return usage(first, suggestion === '' ? HINT : `${suggestion} ${HINT}`);
}

/** Runs one command. Resolves with the exit code and never rejects. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const failure = error instanceof CommanderError ? usageFailure(error) : failureOf(error);
    reporterBeforeParsing(args, io).failure(failure.details);
    return failure.details.exit;
  }
}
