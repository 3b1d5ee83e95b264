import { type ExitCode, exitCodes } from './exit.ts';

/** The reason why the runner cannot do its task, one sentence without a full stop, and a remedy. */
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
