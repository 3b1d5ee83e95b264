import { toHex } from '@0k-sync/core/bytes';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { currentLog } from './test-log.ts';

/** The test's end said a line (→) or heard it (←). */
type Direction = '→' | '←';

const BYTES_SHOWN = 16;
const ITEMS_SHOWN = 3;
/** Lines that one end writes at most: the beginning of a flood is enough. */
const LINES_MAX = 500;

/** Writes the frames of one end into the log of the test that made the end. They are the evidence when it fails. */
export class FrameLog {
  readonly #lines = currentLog();
  #count = 0;

  frame(direction: Direction, { requestId, body }: Frame): void {
    this.message(direction, body?.$case ?? 'empty', body?.value, requestId);
  }

  /** Writes a frame whose engine gives the fields alone. */
  message(direction: Direction, name: string, value: unknown, requestId?: number): void {
    const number = requestId === undefined ? '' : `${requestId} `;
    this.#add(direction, () => `frame ${number}${snake(name)} ${JSON.stringify(shortened(value))}`);
  }

  /** Writes bytes that are no frame, or none that could be read. `what` names them. */
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

/** A name in the form of the .proto files. */
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
  // The access token is a secret of the operator, not of the test.
  const shown = ([name, each]: [string, unknown]) => [
    snake(name),
    name === 'accessToken' && each ? '…' : shortened(each),
  ];
  return Object.fromEntries(Object.entries(value).map(shown));
}
