import { type ExitCode, exitCodes } from './exit.ts';

/** Why the runner cannot do what it was asked: one sentence without a full stop, and what to do about it. */
export class SuiteError extends Error {
  readonly hint: string;
  readonly exit: ExitCode;

  constructor(message: string, hint: string, exit: ExitCode = exitCodes.selfCheck) {
    super(message);
    this.name = 'SuiteError';
    this.hint = hint;
    this.exit = exit;
  }
}
