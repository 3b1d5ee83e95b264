/** Why a connection or a listener did not come to be. */
export type TransportErrorKind =
  /** Nothing listens there. */
  | 'refused'
  /** No answer in time. */
  | 'timeout'
  /** The peer speaks none of the protocols offered. */
  | 'alpn'
  /** The handshake of the transport failed otherwise. */
  | 'handshake'
  /** The host name has no address. */
  | 'name-not-found'
  /** The port to listen on is taken. */
  | 'address-in-use'
  /** The address to listen on is not one of this machine. */
  | 'address-unavailable'
  /** The system does not allow this port. */
  | 'forbidden'
  /** The adapter cannot run here: its native package is missing. */
  | 'unavailable'
  /** The caller's signal aborted it. */
  | 'aborted'
  /** The connection is closed. */
  | 'closed'
  /** The peer allows no further stream. */
  | 'limit'
  /** Anything else; see the cause. */
  | 'failed';

/** Failure of a transport, with one sentence of what happened and one of what to do about it. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;
  /** What the reader can do about it. */
  readonly hint: string;

  constructor(kind: TransportErrorKind, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.hint = hint;
  }
}
