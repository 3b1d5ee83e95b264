/**
 * Runs asynchronous work one piece after the other, in the order of the calls. The next piece runs even if one fails.
 */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
