/** A failure that the operator can resolve: one sentence about it, printed as `error:`, and a hint. */
export class OperatorFailure extends Error {
  override readonly name = 'OperatorFailure';
  /** The remedy, printed as `hint:`. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** System errors that are no defect of the program, with their remedy. */
const SYSTEM_ERRORS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  EMFILE: [
    'this process may open no more files (EMFILE)',
    'raise its limit: ulimit -n 65536, or LimitNOFILE= of systemd',
  ],
  ENFILE: [
    'the system may open no more files (ENFILE)',
    'raise the limit of the system, fs.file-max, or stop other programs',
  ],
};

/**
 * Returns the two lines that a terminal shows. A failure other than OperatorFailure or a lack of file descriptors is shown
 * as a defect.
 */
export function describeFailure(failure: unknown): string {
  const exhausted = exhaustionOf(failure);
  if (exhausted !== undefined) return `error: ${exhausted[0]}\nhint: ${exhausted[1]}\n`;
  if (failure instanceof OperatorFailure) return `error: ${failure.message}\nhint: ${failure.hint}\n`;
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return `error: the relay failed unexpectedly: ${text}\nhint: this is a defect; please report it with the lines above\n`;
}

/** The limit of the system that an error or one of its causes reports, by its name or in words. */
function exhaustionOf(failure: unknown): readonly [message: string, hint: string] | undefined {
  for (let error = failure; error instanceof Error; error = error.cause) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    if (/too many open files/i.test(message)) return SYSTEM_ERRORS['EMFILE'];
    const name = Object.keys(SYSTEM_ERRORS).find((name) => code === name || new RegExp(`\\b${name}\\b`).test(message));
    if (name !== undefined) return SYSTEM_ERRORS[name];
  }
  return undefined;
}
