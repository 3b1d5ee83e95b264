import type { ErrorName } from '@0k-sync/client';
import { type ExitCode, exitCodes } from './exit.ts';

/** The parts of a command's error: message and hint for people, the others for scripts. */
export interface CommandErrorDetails {
  readonly exit: ExitCode;
  /** Stable word, such as `usage` or `unreachable`; docs/cli.md lists them. */
  readonly kind: string;
  /** One sentence without a full stop. */
  readonly message: string;
  /** The user's remedy, without a full stop. */
  readonly hint: string;
  /** Number of a row of the error table (spec/errors.md), if the protocol has one for it. */
  readonly code?: number | undefined;
  /** Name of the same row. */
  readonly errorName?: ErrorName | undefined;
  /** Address of the relay that the error is about, `host:port`. */
  readonly relay?: string | undefined;
}

/** The only error that commands throw on purpose. Its texts never hold an invite or a passphrase. SC-24. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly details: CommandErrorDetails;

  constructor(details: CommandErrorDetails) {
    super(details.message);
    this.details = details;
  }
}

/** The error of a wrong command line. */
export function usageError(message: string, hint: string): CommandError {
  return new CommandError({ exit: exitCodes.usage, kind: 'usage', message, hint });
}

/** The error of a command that SIGINT or SIGTERM stopped. */
export function interruptedError(): CommandError {
  return new CommandError({
    exit: exitCodes.interrupted,
    kind: 'interrupted',
    message: 'interrupted',
    hint: 'nothing that was stored is lost; run the command again',
  });
}

/** The code of a file system error, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
