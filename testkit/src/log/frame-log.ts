import { toHex } from '@0k-sync/core/bytes';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { currentLog } from './test-log.ts';

/** Of the suite's end: what it said, what it heard. */
type Direction = '→' | '←';

const BYTES_SHOWN = 16;
const ITEMS_SHOWN = 3;
/** Of one end: a flood is known by its beginning. */
const LINES_MAX = 500;

/** What ends of the wire say and hear, in the log of the test that made them: the evidence of its failure. */
export class FrameLog {
  readonly #lines = currentLog();
  #count = 0;

  frame(direction: Direction, { requestId, body }: Frame): void {
    this.message(direction, body?.$case ?? 'empty', body?.value, requestId);
  }

  /** A frame of which an engine kept the rest to itself. */
  message(direction: Direction, name: string, value: unknown, requestId?: number): void {
    const number = requestId === undefined ? '' : `${requestId} `;
    this.#add(direction, () => `frame ${number}${snake(name)} ${JSON.stringify(shortened(value))}`);
  }

  /** What is no frame, or none that could be read. */
  bytes(direction: Direction, what: string, bytes: Uint8Array): void {
    this.#add(direction, () => `${what} ${shortened(bytes)}`);
  }

  note(direction: Direction, what: string): void {
    this.#add(direction, () => what);
  }

  #add(direction: Direction, text: () => string): void {
    this.#count += 1;
    if (this.#count <= LINES_MAX) this.#lines?.push(`${direction} ${text()}`);
    else if (this.#count === LINES_MAX + 1) this.#lines?.push(`${direction} … and more`);
  }
}

/** A name as the .proto files have it. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function shortened(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) {
    const shown = toHex(value.subarray(0, BYTES_SHOWN));
    return value.length > BYTES_SHOWN ? `${shown}… (${value.length} bytes)` : shown;
  }
  if (Array.isArray(value)) {
    const more = value.length - ITEMS_SHOWN;
    return [...value.slice(0, ITEMS_SHOWN).map(shortened), ...(more > 0 ? [`… ${more} more`] : [])];
  }
  if (typeof value !== 'object' || value === null) return value;
  // The one member that is a secret of whoever runs the relay, and not of the suite.
  const shown = ([name, each]: [string, unknown]) => [
    snake(name),
    name === 'accessToken' && each ? '…' : shortened(each),
  ];
  return Object.fromEntries(Object.entries(value).map(shown));
}
