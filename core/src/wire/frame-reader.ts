import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { decode } from './decode.ts';
import { type Failure, fail } from './failure.ts';
import { PartReader } from './part-reader.ts';
import type { End } from './read-message.ts';
import { readPush } from './read-push.ts';
import { newVarint, readVarint } from './varint.ts';

/** A frame, and its bytes on the wire with the length prefix. */
export interface ReadFrame {
  readonly ok: true;
  readonly frame: Frame;
  readonly byteLength: number;
}

const LENGTH_BYTES_MAX = 5;
const length = newVarint();

/** Reads the whole length of the frame at `start` from its varint. WI-10, WI-11, RL-70. */
function measureFrame(bytes: Uint8Array, start: number, end: number, bytesMax: number): number | Failure | undefined {
  const { status, value, end: bodyStart } = readVarint(bytes, start, end, length);
  if (status === 'incomplete') {
    return bodyStart - start < LENGTH_BYTES_MAX
      ? undefined
      : fail('FRAME_TOO_LARGE', 'A frame length has more than 5 bytes.');
  }
  if (status === 'invalid' || bodyStart - start > LENGTH_BYTES_MAX) {
    return fail('FRAME_TOO_LARGE', 'A frame length is no minimal varint.');
  }
  if (value === 0 || value > bytesMax) return fail('FRAME_TOO_LARGE', `A frame length is ${value}.`);
  return bodyStart - start + value;
}

/** Cuts the frame stream into frames and decodes those that pass the strict wire walk. WI-10 to WI-20. */
export class FrameReader {
  readonly #parts = new PartReader((bytes, start, end) => measureFrame(bytes, start, end, this.frameBytesMax));
  readonly #sender: End;
  #failure: Failure | undefined;
  /** The longest frame that is taken; a relay takes less of a stranger. RL-70. */
  frameBytesMax = FRAME_BYTES_MAX;

  /** @param sender the other end */
  constructor(sender: End) {
    this.#sender = sender;
  }

  /** True when the stream stands between two frames. WI-12. */
  get isEmpty(): boolean {
    return this.#parts.isEmpty;
  }

  /** The memory of a frame that is not whole yet, bytes. */
  get heldBytes(): number {
    return this.#parts.heldBytes;
  }

  /** Adds the next piece of the frame stream. Take all frames of the piece before it first. */
  push(piece: Uint8Array): void {
    if (this.#failure === undefined) this.#parts.push(piece);
  }

  /**
   * Takes the next frame; its byte fields are views of the piece. Undefined when bytes are missing. A failure stays.
   */
  next(): ReadFrame | Failure | undefined {
    if (this.#failure !== undefined) return this.#failure;
    const part = this.#parts.next();
    if (part === undefined) return undefined;
    const read = part instanceof Uint8Array ? readFrame(part, this.#sender) : part;
    if (!read.ok) this.#failure = read;
    return read;
  }
}

function readFrame(part: Uint8Array, sender: End): ReadFrame | Failure {
  const bytes = part.subarray(readVarint(part, 0, part.length, length).end);
  const push = sender === 'client' ? readPush(bytes) : undefined;
  if (push !== undefined) return { ok: true, frame: push, byteLength: part.length };
  const read = decode('Frame', bytes, sender);
  if (!read.ok) return read;
  const frame = read.value;
  if (frame.body === undefined) return fail('UNKNOWN_FRAME', 'A frame has no body that is known here.');
  return { ok: true, frame, byteLength: part.length };
}
