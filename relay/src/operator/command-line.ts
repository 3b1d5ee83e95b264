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
ZEROK_RELAY_<SECTION>_<KEY> overrides the file. SIGTERM and SIGINT stop the relay; it tells its sessions and finishes what they began.`;

/**
 * Reads the command line; `write` gets the text of `--help` and `--version`.
 * @returns undefined when that text was everything asked for
 * @throws OperatorFailure
 */
export function parseArguments(
  args: readonly string[],
  version: string,
  write: (text: string) => void,
): Arguments | undefined {
  const program = new Command('0k-relay')
    .description('Stores and forwards envelopes that it cannot read.')
    .option('-c, --config <file>', 'read the configuration from this file')
    .option('--print-config', 'print the configuration in effect, without tokens, and exit', false)
    .version(version)
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
    throw new OperatorFailure(message, suggestion ?? 'see 0k-relay --help', { cause: error });
  }
  const { config, printConfig } = program.opts<{ config?: string; printConfig: boolean }>();
  return { config, printConfig };
}
