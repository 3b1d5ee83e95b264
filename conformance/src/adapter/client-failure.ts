import { SyncError } from '@0k-sync/client/node';
import { classOf, errorNameOf } from '@0k-sync/core/wire';
import { Reject } from '../zkcp/serve.ts';

/** Turns a failure of the library into a ZKCP reject; any other error is the adapter's own failure. */
export function toReject(error: unknown): unknown {
  if (!(error instanceof SyncError)) return error;
  if (error.code !== undefined) return new Reject(classOf(errorNameOf(error.code)), error.code, error.message);
  return error.kind === 'unreachable' ? new Reject('resource.limit', undefined, error.message) : error;
}

/** Resolves as `work` does, or rejects when it takes longer than `deadlineMs`. */
export async function withDeadline<Value>(work: Promise<Value>, deadlineMs: number): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not done within ${deadlineMs} ms`)), deadlineMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
