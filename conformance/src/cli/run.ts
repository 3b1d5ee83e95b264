import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { SuiteError } from '../run/suite-error.ts';
import { AdapterFailure } from '../zkcp/adapter.ts';
import { hintOf } from '../zkcp/hint.ts';
import { complain, type Io } from './io.ts';
import { createProgram } from './program.ts';

const HELP_CODES = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** Turns an error that ends a command early into an exit code and two lines; unforeseen errors pass through. */
function exitOf(io: Io, error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (HELP_CODES.has(error.code)) return exitCodes.conformant;
    complain(io, error.message.replace(/^error: /, ''), 'see what there is with: 0k-conformance --help');
    return exitCodes.usage;
  }
  if (error instanceof SuiteError) {
    complain(io, error.message, error.hint);
    return error.exit;
  }
  if (error instanceof AdapterFailure) {
    complain(io, `the adapter does not work: ${error.message}`, hintOf(error));
    return exitCodes.infrastructure;
  }
  throw error;
}

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exit: ExitCode = exitCodes.conformant;
  const program = createProgram(io, (code) => {
    exit = code;
  });
  if (argv.length === 0) {
    program.outputHelp();
    return exitCodes.usage;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    return exitOf(io, error);
  }
}
