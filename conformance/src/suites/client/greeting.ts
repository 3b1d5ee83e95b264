import { fromHex } from '@0k-sync/core/bytes';
import {
  CIPHERTEXT_BYTES_MAX,
  CREDIT_BYTES_MAX,
  FRAME_BYTES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
} from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { RawEnd } from '@0k-sync/testkit/raw';
import type { ClientScene } from './scene.ts';

/** Lets the client in as the honest relay of the scene would; `requestId` that of its Hello unless one is given. */
export async function greet(end: RawEnd, { log, relay, deviceKey }: ClientScene, requestId?: number): Promise<void> {
  const answered = requestId ?? (await end.inbox.take(({ body }) => body?.$case === 'hello', 'Hello')).requestId;
  const own = log.headOf(fromHex(deviceKey) ?? new Uint8Array());
  end.send(
    {
      $case: 'helloAck',
      value: {
        head: BigInt(log.head),
        floor: BigInt(log.floor),
        ownSequence: BigInt(own.sequence),
        ownHash: own.hash,
        epoch: 0,
        limits: {
          frameBytesMax: FRAME_BYTES_MAX,
          ciphertextBytesMax: CIPHERTEXT_BYTES_MAX,
          requestsInFlightMax: REQUESTS_IN_FLIGHT_MAX,
          pushItemsMax: PUSH_ITEMS_MAX,
          pageBytesMax: PAGE_BYTES_MAX,
          creditBytesMax: CREDIT_BYTES_MAX,
        },
        serverTimeMs: BigInt(Date.now()),
        capabilities: [],
        signingKey: relay.keys.signingKey,
      },
    },
    answered,
  );
}

/** The honest answer to a Pull after a cursor. */
export function pageOf(
  { log }: ClientScene,
  after: number,
): { readonly segment: LogSegment; readonly hasMore: boolean } {
  const segment = log.segment(after, PAGE_BYTES_MAX);
  return { segment, hasMore: segment.next < segment.head };
}
