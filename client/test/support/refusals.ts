import type { FrameBody } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';

/** A script of a relay that refuses the first item of every Push. */
export function refuseItems(
  name: ErrorName,
  more: { readonly retryAfterMs?: bigint; readonly conflict?: Stub } = {},
): (body: FrameBody) => FrameBody | undefined {
  const { number: code } = errors[name];
  const error = { code, detail: 'As the test wants.', retryAfterMs: 0n, conflict: undefined, ...more };
  const results = [{ status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n, error }];
  return ({ $case }) => ($case === 'push' ? { $case: 'pushAck', value: { results, durable: true } } : undefined);
}
