import { SyncError, type SyncErrorKind } from '@0k-sync/client';
import { type ExitCode, exitCodes } from './exit.ts';
import { Failure } from './failure.ts';

const EXIT_OF_KIND: Readonly<Record<SyncErrorKind, ExitCode>> = {
  'not-paired': exitCodes.notPaired,
  'already-paired': exitCodes.failure,
  argument: exitCodes.usage,
  store: exitCodes.storage,
  unreachable: exitCodes.unreachable,
  refused: exitCodes.refused,
  identity: exitCodes.trust,
  protocol: exitCodes.trust,
  invite: exitCodes.invite,
  closed: exitCodes.failure,
};

function unexpected(error: unknown): Failure {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure({
    exit: exitCodes.failure,
    code: 'unexpected',
    message: `unexpected: ${what}`,
    hint: 'this is a defect of the program; please report it with the command that caused it',
  });
}

/** Library sentences end with a full stop and begin with a capital; messages here do neither. */
function phrase(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** Whatever was thrown, as what the program prints and exits with. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof SyncError)) return unexpected(error);
  return new Failure({
    exit: EXIT_OF_KIND[error.kind],
    code: error.kind,
    message: phrase(error.message),
    hint: phrase(error.hint),
    ...(error.relay === undefined ? {} : { relay: error.relay }),
  });
}
