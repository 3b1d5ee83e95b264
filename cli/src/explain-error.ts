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

/** Hints that name a command, in place of the library's, which name its calls. */
const HINTS: Partial<Record<ErrorName | SyncErrorKind, string>> = {
  RELAY_IDENTITY_CHANGED:
    'ask the operator whether the keys changed; if they did, accept the new ones with `0k-sync relay trust`',
  DOWNGRADE_REFUSED: 'omit --classical',
  GROUP_QUOTA_EXCEEDED: "ask the relay's operator for more space, or delete the message with `0k-sync queue drop`",
  MAILBOXES_EXCEEDED: 'wait until an invite expires, or cancel one with `0k-sync pair --cancel`',
  'no-relay': 'add a relay with `0k-sync relay add`',
  'already-paired': 'use the group that `0k-sync group list` shows',
};

/** The hint of an error of the library in the words of the program. */
export function hintOf({ kind, errorName, hint }: Pick<SyncError, 'hint'> & Partial<SyncError>): string {
  return (errorName && HINTS[errorName]) ?? (kind && HINTS[kind]) ?? withoutFullStop(hint);
}

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
  const { kind, message, code, errorName, relay } = error;
  return new CommandError({
    exit: EXIT_OF_KIND[kind],
    kind,
    message: withoutFullStop(message),
    hint: hintOf(error),
    code,
    errorName,
    relay,
  });
}
