import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { within } from './children.ts';

/** One JSON object of a command's output. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON lines of a running process, all kept, so that a later caller misses none. */
export class JsonLines {
  readonly all: JsonObject[] = [];
  #wake: (() => void)[] = [];
  #ended = false;

  constructor(stream: Readable) {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      if (line.startsWith('{')) this.all.push(JSON.parse(line));
      this.#wakeAll();
    });
    lines.on('close', () => {
      this.#ended = true;
      this.#wakeAll();
    });
  }

  /** The first line that matches, past or future. Rejects with `what` after the time or at the stream's end. */
  async first(what: string, milliseconds: number, matches: (line: JsonObject) => boolean): Promise<JsonObject> {
    return within(milliseconds, what, this.#search(what, matches));
  }

  async #search(what: string, matches: (line: JsonObject) => boolean): Promise<JsonObject> {
    for (;;) {
      const found = this.all.find(matches);
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`${what}: the process ended before`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
