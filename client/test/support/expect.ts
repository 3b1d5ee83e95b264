import type { SyncErrorKind } from '../../src/error.ts';

/** The pattern that a SyncError is matched against. */
export interface ErrorPattern {
  readonly kind?: SyncErrorKind;
  readonly code?: number;
  readonly message?: RegExp;
  readonly hint?: RegExp;
  readonly relay?: string;
}

/** The pattern in the form that `t.throws` and `t.rejects` are typed for. */
export function syncError(pattern: ErrorPattern): Error {
  return pattern as unknown as Error;
}

/** The pattern of a TypeError, in the same form. */
export function typeError(message: RegExp): Error {
  return { name: 'TypeError', message } as unknown as Error;
}
