import type { PushItem, PushResult } from '@0k-sync/generated/wire/frame';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { RawClient } from '@0k-sync/testkit/raw';
import { holds, same } from '../checks.ts';

export async function pushOne(client: RawClient, item: PushItem): Promise<PushResult> {
  const { results } = await client.push([item]);
  const [result] = results;
  holds('results of one item', result !== undefined && results.length === 1, '1', String(results.length));
  return result;
}

export function accepted(what: string, result: PushResult | undefined, cursor: number): void {
  same(`${what}: status`, result?.status, PushStatus.PUSH_STATUS_ACCEPTED);
  same(`${what}: cursor`, result?.cursor, BigInt(cursor));
}
