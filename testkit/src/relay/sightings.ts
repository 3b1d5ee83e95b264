const LINES_MAX = 20;

/** What a relay saw of its clients, in short lines, the last ones only. Whoever reads a failure has no other view of it. */
export class Sightings {
  #seen: { readonly line: string; count: number }[] = [];

  note(line: string): void {
    const last = this.#seen.at(-1);
    if (last?.line === line) last.count += 1;
    else this.#seen.push({ line, count: 1 });
    if (this.#seen.length > LINES_MAX) this.#seen.shift();
  }

  /** What follows is told without what came before. */
  clear(): void {
    this.#seen = [];
  }

  get lines(): readonly string[] {
    return this.#seen.map(({ line, count }) => (count === 1 ? line : `${line} (${count} times)`));
  }
}
