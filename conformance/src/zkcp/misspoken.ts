/** A line of the adapter is not what ZKCP says, and what to do about it. */
export class Misspoken extends TypeError {
  override readonly name = 'Misspoken';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
