/** What the operator has to know and can do: one sentence each, printed as `error:` and `hint:`. */
export class OperatorFailure extends Error {
  override readonly name = 'OperatorFailure';
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** The two lines that a terminal shows; what is no OperatorFailure is a defect and says so. */
export function describeFailure(failure: unknown): string {
  if (failure instanceof OperatorFailure) return `error: ${failure.message}\nhint: ${failure.hint}\n`;
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return `error: the relay failed unexpectedly: ${text}\nhint: this is a defect; please report it with the lines above\n`;
}
