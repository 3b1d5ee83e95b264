import { dataDirectory, holdsDevice } from './data-directory.ts';
import { exitCodes } from './exit.ts';
import { Failure } from './failure.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { jsonReporter, type Reporter, textReporter } from './reporter.ts';
import { readSettings, type Settings } from './settings.ts';

/** What every command works with. */
export interface Context {
  readonly io: Io;
  readonly reporter: Reporter;
  /** Absolute path; may not exist yet. */
  readonly directory: string;
}

export function reporterFor(io: Io, options: Pick<CommonOptions, 'json' | 'color'>): Reporter {
  const { stdout, stderr, environment } = io;
  const create = options.json === true ? jsonReporter : textReporter;
  return create({ stdout, stderr, environment, colour: options.color });
}

export function contextFor(io: Io, options: CommonOptions): Context {
  const directory = dataDirectory(options.dataDir, io.environment);
  return { io, reporter: reporterFor(io, options), directory };
}

export function notPaired(message: string): Failure {
  return new Failure({
    exit: exitCodes.notPaired,
    code: 'not-paired',
    message,
    hint: 'create a group with `0k-sync pair --create` or join one with `0k-sync pair --join -`',
  });
}

/** Settings of a device that is there. */
export function settingsOf(context: Context): Settings {
  if (holdsDevice(context.directory)) return readSettings(context.directory);
  throw notPaired(`there is no device in ${context.directory}`);
}
