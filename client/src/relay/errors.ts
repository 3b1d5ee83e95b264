import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';

/** The relay refused one request, and the session goes on. SE-03. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly errorName: ErrorName;
  /** The Error frame as it came. */
  readonly remote: WireError;

  constructor(errorName: ErrorName, remote: WireError) {
    super(remote.detail || errorName);
    this.errorName = errorName;
    this.remote = remote;
  }
}

/** The end of a protocol session. */
export interface SessionEnd {
  /** Undefined after a Bye or a GoAway. */
  readonly errorName: ErrorName | undefined;
  /** The relay's Error frame; undefined when this end found the error. */
  readonly remote: WireError | undefined;
  /** The link was dead: nothing was heard though something was unanswered. SE-24. */
  readonly isSilent: boolean;
}

/** Every operation that was under way when the session ended rejects with this. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded';
  readonly end: SessionEnd;

  constructor(end: SessionEnd) {
    super(end.errorName ?? 'the session ended');
    this.end = end;
  }
}

/** The session ended because the relay no longer has this device's record: the next Hello must bring it. CL-38. */
export class RecordLost extends SessionEnded {}

/** The relay did not let the device in, which kept its access token for a relay with a fixed pin. CL-69. */
export class TokenWithheld extends SessionEnded {}

/** The relay did something that the protocol forbids; the connection is closed with this error's number. SE-07. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
  readonly errorName: ErrorName;

  constructor(errorName: ErrorName) {
    super(errors[errorName].meaning);
    this.errorName = errorName;
  }
}
