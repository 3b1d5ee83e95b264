import { Command, CommanderError } from 'commander';
import { OperatorFailure } from './failure.ts';

/** The options of 0k-relay. */
export type Arguments = {
  /** Path of relay.toml; undefined for defaults and environment alone. */
  readonly config: string | undefined;
  readonly printConfig: boolean;
};

const HELP = `
Every option of relay.toml has a default; relay.example.toml describes them all. An environment variable
ZEROK_RELAY_<SECTION>_<KEY> overrides the file. SIGTERM and SIGINT stop the relay; it tells its sessions and finishes what they began. SIGHUP opens the
log file again, after it was renamed.`;

/** The text of `--help` or `--version`, when that was everything asked for. */
export type Help = { readonly help: string };

/** Reads the command line. @throws OperatorFailure */
export function parseArguments(args: readonly string[], version: string): Arguments | Help {
  let help = '';
  const program = new Command('0k-relay')
    .description('Stores and forwards envelopes that it cannot read.')
    .option('-c, --config <file>', 'read the configuration from this file')
    .option('--print-config', 'print the configuration in effect, without tokens, and exit', false)
    .version(version)
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help };
    const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
    throw new OperatorFailure(message, suggestion ?? 'see 0k-relay --help', { cause: error });
  }
  const { config, printConfig } = program.opts<{ config?: string; printConfig: boolean }>();
  return { config, printConfig };
}
