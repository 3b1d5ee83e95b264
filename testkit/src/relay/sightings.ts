const LINES_MAX = 20;

/** Short lines about what clients did, the last ones only. They explain a failure that shows nowhere else. */
export class Sightings {
  #seen: { readonly line: string; count: number }[] = [];

  note(line: string): void {
    const last = this.#seen.at(-1);
    if (last?.line === line) last.count += 1;
    else this.#seen.push({ line, count: 1 });
    if (this.#seen.length > LINES_MAX) this.#seen.shift();
  }

  /** Forgets all lines. */
  clear(): void {
    this.#seen = [];
  }

  get lines(): readonly string[] {
    return this.#seen.map(({ line, count }) => (count === 1 ? line : `${line} (${count} times)`));
  }
}
