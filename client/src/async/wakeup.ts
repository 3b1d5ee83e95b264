/** Lets code wait until other code wakes it. A wake-up that comes before the wait ends that wait at once. */
export class Wakeup {
  #isDue = false;
  #waiting: (() => void)[] = [];

  wake(): void {
    this.#isDue = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async wait(): Promise<void> {
    if (!this.#isDue) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isDue = false;
  }
}
