import { CommanderError } from 'commander';
import { type CommandError, usageError } from './command-error.ts';
import { reporterFor } from './context.ts';
import { exitCodes } from './exit.ts';
import { explainError } from './explain-error.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output.ts';
import { createProgram } from './program.ts';
import { refuseInvites } from './secrets.ts';

/** The reporter for errors of a command line that may not be understood: it looks for --json and --no-color only. */
function reporterBeforeParsing(args: readonly string[], io: Io) {
  return reporterFor(io, { json: args.includes('--json'), color: !args.includes('--no-color') });
}

const HINT = 'run 0k-sync --help, or a command with --help';

/** Turns commander's `error: unknown option '--x'` and its suggestion into message and hint. */
function explainUsage(error: CommanderError): CommandError {
  if (error.code === 'commander.help') return usageError('no command was given', HINT);
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  return usageError(first, suggestion === '' ? HINT : `${suggestion} ${HINT}`);
}

/** Runs one command, and writes the help if that is asked for. */
async function runCommand(args: readonly string[], io: Io): Promise<void> {
  refuseInvites(args);
  let help = '';
  const program = createProgram(io, (text) => {
    help += text;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    await writeOutput(io.stdout, help);
  }
}

/** Runs one command. Resolves with the exit code and never rejects. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await runCommand(args, io);
    return exitCodes.ok;
  } catch (error) {
    const { details } = error instanceof CommanderError ? explainUsage(error) : explainError(error);
    reporterBeforeParsing(args, io).error(details);
    return details.exit;
  }
}
