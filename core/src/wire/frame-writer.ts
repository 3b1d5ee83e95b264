import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX, FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import { Frame } from '@0k-sync/generated/wire/frame';
import { FieldWriter, lengthOf } from './field-writer.ts';
import { writeErrorFrame } from './write-error.ts';
import { writePong } from './write-pong.ts';
import { writePushAck } from './write-push-ack.ts';
import { writeSegment } from './write-segment.ts';

/** The message that a frame carries. */
export type FrameBody = NonNullable<Frame['body']>;

/** Gathers frames, so that everything sent in one turn goes into as few records as possible. WI-07. */
export class FrameWriter {
  #frames: Uint8Array[] = [];

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Appends one frame with its length. Throws a RangeError for a frame above FRAME_BYTES_MAX. */
  write(frame: Frame): void {
    this.#frames.push(writeKnown(frame) ?? encode(frame));
  }

  /** Takes what was written since the last call; undefined when nothing was. */
  take(): Uint8Array | undefined {
    const frames = this.#frames;
    this.#frames = [];
    return frames.length > 1 ? joined(frames) : frames[0];
  }
}

/** These write the frames that a relay writes most, ten times as fast as the encoder. */
const WRITERS = [writePushAck, writeSegment, writeErrorFrame, writePong];

function writeKnown(frame: Frame): Uint8Array | undefined {
  for (const write of WRITERS) {
    const written = write(frame);
    if (written !== undefined) return written;
  }
  return undefined;
}

function encode(frame: Frame): Uint8Array {
  const bytes = Frame.encode(frame).finish();
  if (bytes.length === 0 || bytes.length > FRAME_BYTES_MAX) throw new RangeError(`frame of ${bytes.length} bytes`);
  const out = new FieldWriter(lengthOf(bytes.length) + bytes.length);
  out.varint(bytes.length);
  out.append(bytes);
  return out.bytes;
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const out = new FieldWriter(frames.reduce((length, frame) => length + frame.length, 0));
  for (const frame of frames) out.append(frame);
  return out.bytes;
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
    detail: detail === undefined ? errors[error].meaning : truncate(detail),
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
