import { type ExitCode, exitCodes } from './exit.ts';

/** What went wrong, for people (message, hint) and for scripts (exit, code). */
export interface FailureDetails {
  readonly exit: ExitCode;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Stable word for scripts, such as `usage` or the name of a wire error. */
  readonly code: string;
  /** The relay that it is about. */
  readonly relay?: string | undefined;
}

/** The only error that commands throw on purpose. Its text never holds an invite or a passphrase. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly details: FailureDetails;

  constructor(details: FailureDetails) {
    super(details.message);
    this.details = details;
  }
}

/** SIGINT or SIGTERM came before the command was done. */
export function interrupted(): Failure {
  return new Failure({
    exit: exitCodes.interrupted,
    code: 'interrupted',
    message: 'interrupted',
    hint: 'what is stored here stays; run the command again',
  });
}
