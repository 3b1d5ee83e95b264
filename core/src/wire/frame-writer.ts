import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX, FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import { Frame } from '@0k-sync/generated/wire/frame';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { writePushAck } from './write-push-ack.ts';

/** The message that a frame carries. */
export type FrameBody = NonNullable<Frame['body']>;

/** A writer that grew beyond this is not kept: connections last for hours. */
const KEPT_BYTES_MAX = 1024;

/** Gathers frames, so that everything sent in one turn goes into as few records as possible. WI-07. */
export class FrameWriter {
  #writer = new BinaryWriter();
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Appends one frame with its length. Throws a RangeError for a frame above FRAME_BYTES_MAX. */
  write(frame: Frame): void {
    const { requestId, body } = frame;
    const ack = body?.$case === 'pushAck' ? writePushAck(requestId, body.value) : undefined;
    if (ack !== undefined) this.#writer.raw(ack);
    else this.#writer.bytes(encode(frame));
    this.#isEmpty = false;
  }

  /** Takes what was written since the last call; undefined when nothing was. */
  take(): Uint8Array | undefined {
    if (this.#isEmpty) return undefined;
    const bytes = this.#writer.finish();
    if (bytes.length > KEPT_BYTES_MAX) this.#writer = new BinaryWriter();
    this.#isEmpty = true;
    return bytes;
  }
}

function encode(frame: Frame): Uint8Array {
  const bytes = Frame.encode(frame).finish();
  if (bytes.length === 0 || bytes.length > FRAME_BYTES_MAX) throw new RangeError(`frame of ${bytes.length} bytes`);
  return bytes;
}

/** A refusal that a peer is told of. */
export interface Refusal {
  readonly error: ErrorName;
  /** One sentence for people, without secrets; default: the table's meaning. ER-04. */
  readonly detail?: string | undefined;
  /** The time before the client tries again, milliseconds; 0, the default, lets the client choose. ER-05. */
  readonly retryAfterMs?: number | undefined;
  /** The stub of the stored envelope of the same sender and sequence. RL-27. */
  readonly conflict?: Stub | undefined;
}

/** Returns a refusal as the wire's Error. ER-04. */
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

/** Returns a refusal as the body of an Error frame. */
export function errorFrame(refusal: Refusal): FrameBody {
  return { $case: 'error', value: errorOf(refusal) };
}

/** Cuts a detail between characters to at most ERROR_DETAIL_BYTES_MAX bytes. */
function truncate(detail: string): string {
  return detail.slice(0, new TextEncoder().encodeInto(detail, new Uint8Array(ERROR_DETAIL_BYTES_MAX)).read);
}
