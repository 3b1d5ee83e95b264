import { type PushAck, PushStatus } from '@0k-sync/generated/wire/frame';

/**
 * True when a PushAck is durable and answers the first items of its Push: each as stored, except that the last may be
 * refused. CL-27.
 */
export function answersPrefix({ results, durable }: PushAck, items: number): boolean {
  if (!durable || results.length === 0 || results.length > items) return false;
  return results.every(({ status, cursor, error }, index) => {
    if ((status === PushStatus.PUSH_STATUS_REFUSED) !== (error !== undefined)) return false;
    switch (status) {
      case PushStatus.PUSH_STATUS_ACCEPTED:
      case PushStatus.PUSH_STATUS_DUPLICATE:
        return cursor > 0n;
      case PushStatus.PUSH_STATUS_REMOVED:
        return true;
      case PushStatus.PUSH_STATUS_REFUSED:
        return index === results.length - 1;
      default:
        return false;
    }
  });
}
