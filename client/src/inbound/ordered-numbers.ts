/** Numbers in ascending order, each once. Adding at the end and taking from the front are cheap. */
export class OrderedNumbers {
  readonly #numbers: number[] = [];

  get lowest(): number | undefined {
    return this.#numbers[0];
  }

  add(number: number): void {
    const place = this.#placeOf(number);
    if (this.#numbers[place] !== number) this.#numbers.splice(place, 0, number);
  }

  remove(number: number): void {
    const place = this.#placeOf(number);
    if (this.#numbers[place] === number) this.#numbers.splice(place, 1);
  }

  /** Returns the place of the first number that is not below `number`. */
  #placeOf(number: number): number {
    let [low, high] = [0, this.#numbers.length];
    const last = this.#numbers[high - 1];
    if (last === undefined || last < number) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
