import type { Failure } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { SyncError } from '../error.ts';

/** Turns core's refusal of an invite, a passphrase or a Welcome into a SyncError. */
export function inviteError({ error, detail }: Pick<Failure, 'error' | 'detail'>): SyncError {
  return new SyncError('invite', detail, { code: errors[error].number, hint: errors[error].hint });
}
