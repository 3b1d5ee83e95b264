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

/** Returns the two lines that a terminal shows. A failure other than OperatorFailure is shown as a defect. */
export function describeFailure(failure: unknown): string {
  if (failure instanceof OperatorFailure) return `error: ${failure.message}\nhint: ${failure.hint}\n`;
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return `error: the relay failed unexpectedly: ${text}\nhint: this is a defect; please report it with the lines above\n`;
}
