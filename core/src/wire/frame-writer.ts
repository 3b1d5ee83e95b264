import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX, FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { Frame } from '@0k-sync/generated/wire/frame';
import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** What a frame carries. */
export type FrameBody = NonNullable<Frame['body']>;

/** Writes frames one behind the other, so that what is sent in one turn goes into as few records as possible. WI-07. */
export class FrameWriter {
  #writer = new BinaryWriter();
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Appends one frame with its length. A frame above FRAME_BYTES_MAX is the caller's mistake: RangeError. */
  write(frame: Frame): void {
    const bytes = Frame.encode(frame).finish();
    if (bytes.length === 0 || bytes.length > FRAME_BYTES_MAX) throw new RangeError(`frame of ${bytes.length} bytes`);
    this.#writer.bytes(bytes);
    this.#isEmpty = false;
  }

  /** The stretch of the frame stream since the last call; undefined when nothing was written. */
  take(): Uint8Array | undefined {
    if (this.#isEmpty) return undefined;
    const bytes = this.#writer.finish();
    this.#writer = new BinaryWriter();
    this.#isEmpty = true;
    return bytes;
  }
}

/** How a refusal is told. */
export interface Refusal {
  readonly error: ErrorName;
  /** One sentence for people, without secrets; the table's meaning when left out. ER-04. */
  readonly detail?: string | undefined;
  /** Milliseconds; 0, the default, leaves the choice to the client. ER-05. */
  readonly retryAfterMs?: number | undefined;
  /** The stored envelope of the same sender and sequence. RL-27. */
  readonly conflict?: Envelope | undefined;
}

/** The Error of a refusal. ER-04. */
export function errorOf({
  error,
  detail,
  retryAfterMs = 0,
  conflict,
}: Refusal): Extract<FrameBody, { $case: 'error' }>['value'] {
  return {
    code: errors[error].number,
    detail: truncate(detail ?? errors[error].meaning),
    retryAfterMs: BigInt(retryAfterMs),
    conflict,
  };
}

/** The body of an Error frame. */
export function errorFrame(refusal: Refusal): FrameBody {
  return { $case: 'error', value: errorOf(refusal) };
}

/** At most ERROR_DETAIL_BYTES_MAX bytes, cut between characters. */
function truncate(detail: string): string {
  return detail.slice(0, new TextEncoder().encodeInto(detail, new Uint8Array(ERROR_DETAIL_BYTES_MAX)).read);
}
