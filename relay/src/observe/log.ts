import { type Logger, pino } from 'pino';
import type { Config } from '../config/sections.ts';
import { OperatorFailure } from '../operator/failure.ts';
import { LogFile } from './log-file.ts';

/** The log of a relay. */
export type Log = Logger;

/** A log and its file. */
export interface OpenLog {
  readonly log: Log;
  /** Opens the file again, after it was renamed; says in the log how many lines were lost. RL-76. */
  reopen(): void;
}

/** Logs JSON lines to a file or stderr, without secrets and full ids. Throws OperatorFailure. RL-65. */
export function openLog({ level, file }: Config['log']): OpenLog {
  try {
    const destination = new LogFile(file);
    const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
    return { log, reopen: () => reopen(log, destination) };
  } catch (cause) {
    throw new OperatorFailure(
      `the log file ${file} cannot be written: ${(cause as Error).message}`,
      'set log.file to a path that this user may write to, or leave it empty for stderr',
      { cause },
    );
  }
}

function reopen(log: Log, file: LogFile): void {
  const error = file.reopen();
  if (error !== undefined) log.error({ reason: error.message }, 'the log file cannot be opened again');
  else log.info({ lost_lines: file.lostLines }, 'log reopened');
}
