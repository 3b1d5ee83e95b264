import type { ErrorName } from '@0k-sync/generated/errors';

/** The connection ended before what was waited for came. */
export class Ended extends Error {
  override readonly name = 'Ended';
  /** Application error number of the close; 0 is none. */
  readonly code: number;

  constructor(code: number) {
    super(`the connection was closed with ${code}`);
    this.code = code;
  }
}

/** This end cannot take what the other end sent of its handshake. */
export class HandshakeFailed extends Error {
  override readonly name = 'HandshakeFailed';

  constructor(error: ErrorName) {
    super(`the handshake failed: ${error}`);
  }
}

/** Another frame came than the one that was expected. */
export class OtherAnswer extends Error {
  override readonly name = 'OtherAnswer';
  readonly expected: string;
  readonly actual: string;

  constructor(expected: string, actual: string) {
    super(`${actual} instead of ${expected}`);
    this.expected = expected;
    this.actual = actual;
  }
}
