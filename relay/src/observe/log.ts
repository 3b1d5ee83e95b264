import { pino } from 'pino';
import type { Config } from '../config/sections.ts';
import { OperatorFailure } from '../operator/failure.ts';

/** The log of a relay. */
export type Log = ReturnType<typeof createLog>;

/** Logs JSON lines to a file or stderr, without secrets and full ids. Throws OperatorFailure. RL-65. */
export function createLog({ level, file }: Config['log']) {
  try {
    const destination = pino.destination({ dest: file === '' ? 2 : file, sync: true, mode: 0o600, mkdir: true });
    return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  } catch (cause) {
    throw new OperatorFailure(
      `the log file ${file} cannot be written: ${(cause as Error).message}`,
      'set log.file to a path that this user may write to, or leave it empty for stderr',
      { cause },
    );
  }
}
