import { CommandError } from './command-error.ts';
import { dataDirectory, holdsDevice } from './data-directory.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { jsonReporter, type Reporter, textReporter } from './reporter.ts';
import { readSettings, type Settings, writeSettings } from './settings.ts';

/** The edges and the data directory that a command works with. */
export interface Context {
  readonly io: Io;
  readonly reporter: Reporter;
  /** Absolute path; the directory may not exist yet. */
  readonly directory: string;
}

/** Creates the reporter that the options ask for. */
export function reporterFor(io: Io, options: Pick<CommonOptions, 'json' | 'color'>): Reporter {
  const { stdout, stderr, environment } = io;
  const create = options.json === true ? jsonReporter : textReporter;
  return create({ stdout, stderr, environment, colour: options.color });
}

/** Creates the context of a command. */
export function contextFor(io: Io, options: CommonOptions): Context {
  const directory = dataDirectory(options.dataDir, io.environment);
  return { io, reporter: reporterFor(io, options), directory };
}

/** The error of a command that needs a group. */
export function notPairedError(message: string): CommandError {
  return new CommandError({
    exit: exitCodes.notPaired,
    kind: 'not-paired',
    message,
    hint: 'create a group with `0k-sync pair --create`, or join one with `0k-sync pair --join -`',
  });
}

/** Reads the settings of the device in the data directory. @throws CommandError `not-paired` when there is none. */
export function settingsOf(context: Context): Settings {
  if (holdsDevice(context.directory)) return readSettings(context.directory);
  throw notPairedError(`there is no device in ${context.directory}`);
}

/** Replaces some of the settings in the data directory. */
export function changeSettings(context: Context, change: (settings: Settings) => Partial<Settings>): void {
  const settings = settingsOf(context);
  writeSettings(context.directory, { ...settings, ...change(settings) });
}
