import { type ErrorName, SyncError, type SyncErrorKind } from '@0k-sync/client';
import { CommandError } from './command-error.ts';
import { type ExitCode, exitCodes } from './exit.ts';

const EXIT_OF_KIND: Readonly<Record<SyncErrorKind, ExitCode>> = {
  'not-paired': exitCodes.notPaired,
  'already-paired': exitCodes.failure,
  'no-relay': exitCodes.usage,
  argument: exitCodes.usage,
  store: exitCodes.storage,
  unreachable: exitCodes.unreachable,
  refused: exitCodes.refused,
  identity: exitCodes.trust,
  protocol: exitCodes.trust,
  invite: exitCodes.invite,
  unsupported: exitCodes.failure,
  closed: exitCodes.failure,
};

/** Hints that name a command, in place of the library's. */
const HINTS: Partial<Record<ErrorName, string>> = {
  RELAY_IDENTITY_CHANGED:
    'ask the operator whether the keys changed; if they did, accept the new ones with `0k-sync relay trust`',
};

function unexpectedError(error: unknown): CommandError {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CommandError({
    exit: exitCodes.failure,
    kind: 'unexpected',
    message: `unexpected: ${what}`,
    hint: 'this is a defect of the program; please report it with the command that caused it',
  });
}

/** Removes the full stop of a sentence of the library: messages and hints of the program have none. */
export function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** Turns anything that a command throws into the error that the program prints and exits with. */
export function explainError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (!(error instanceof SyncError)) return unexpectedError(error);
  const { kind, message, hint, code, errorName, relay } = error;
  return new CommandError({
    exit: EXIT_OF_KIND[kind],
    kind,
    message: withoutFullStop(message),
    hint: (errorName && HINTS[errorName]) ?? withoutFullStop(hint),
    code,
    errorName,
    relay,
  });
}
