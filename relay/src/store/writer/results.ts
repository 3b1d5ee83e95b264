import { timingSafeEqual } from 'node:crypto';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { PushRefusal, PushResult } from '../port.ts';

/** Returns the result of an item that is stored now. */
export function accepted(cursor: number, receivedAtMs: number): PushResult {
  return { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor, receivedAtMs, refusal: undefined };
}

/** Returns the result of an item that is stored already. RL-25. */
export function duplicate(cursor: number): PushResult {
  return { status: PushStatus.PUSH_STATUS_DUPLICATE, cursor, receivedAtMs: 0, refusal: undefined };
}

/** Returns the result of an item that was stored and removed. RL-26. */
export function removed(): PushResult {
  return { status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0, receivedAtMs: 0, refusal: undefined };
}

/** Returns the result of an item that is not stored. */
export function refused(refusal: PushRefusal): PushResult {
  return { status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0, receivedAtMs: 0, refusal };
}

/** Compares two hashes. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
