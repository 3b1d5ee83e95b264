import { type PushItem, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import type { RawClient } from '@0k-sync/testkit/raw';
import { expectMembers, expectThat } from '../../expect.ts';

export const ACCEPTED = PushStatus.PUSH_STATUS_ACCEPTED;
export const DUPLICATE = PushStatus.PUSH_STATUS_DUPLICATE;
export const REFUSED = PushStatus.PUSH_STATUS_REFUSED;
export const REMOVED = PushStatus.PUSH_STATUS_REMOVED;

/** Pushes one item, which has one result. */
export async function pushOne(client: RawClient, item: PushItem): Promise<PushResult> {
  const { results } = await client.push([item]);
  const [result] = results;
  expectThat('results of one item', result !== undefined && results.length === 1, '1', results.length);
  return result;
}

export function expectAccepted(what: string, result: PushResult | undefined, cursor: number): void {
  expectMembers(what, result, { status: ACCEPTED, cursor: BigInt(cursor) });
}

export function statusesOf(results: readonly PushResult[]): readonly PushStatus[] {
  return results.map(({ status }) => status);
}
