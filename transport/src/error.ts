/** The reason of a TransportError. */
export type TransportErrorKind =
  /** Nothing listens there. */
  | 'refused'
  /** The peer did not answer in time. */
  | 'timeout'
  /** The peer speaks none of the protocols offered. */
  | 'alpn'
  /** The transport's handshake failed for another reason. */
  | 'handshake'
  /** The host name has no address. */
  | 'name-not-found'
  /** The port to listen on is taken. */
  | 'address-in-use'
  /** The address to listen on is not one of this machine's. */
  | 'address-unavailable'
  /** The system does not allow this port. */
  | 'forbidden'
  /** The adapter cannot run here: its native package is missing. */
  | 'unavailable'
  /** The caller's signal aborted the attempt. */
  | 'aborted'
  /** The connection is closed. */
  | 'closed'
  /** The peer allows no further stream. */
  | 'limit'
  /** Something else happened; see the cause. */
  | 'failed';

/** A failure of a transport: its kind, one sentence about what happened, and a hint. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;
  /** One sentence about what the reader can do. */
  readonly hint: string;

  constructor(kind: TransportErrorKind, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.hint = hint;
  }
}
