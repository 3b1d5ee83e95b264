import {
  CIPHERTEXT_BYTES_MAX,
  CREDIT_BYTES_MAX,
  FRAME_BYTES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
} from '@0k-sync/generated/limits';
import type { Limits } from '@0k-sync/generated/wire/frame';

/** Limits of a relay, each from 1 to the spec's. SE-16. */
export type ClampedLimits = Readonly<Limits>;

/** Clamps the limits that a relay claims to the spec's; a claim of 0 gives the spec's limit. SE-16. */
export function clampLimits(claimed: Limits | undefined): ClampedLimits {
  return {
    frameBytesMax: clamp(claimed?.frameBytesMax, FRAME_BYTES_MAX),
    ciphertextBytesMax: clamp(claimed?.ciphertextBytesMax, CIPHERTEXT_BYTES_MAX),
    requestsInFlightMax: clamp(claimed?.requestsInFlightMax, REQUESTS_IN_FLIGHT_MAX),
    pushItemsMax: clamp(claimed?.pushItemsMax, PUSH_ITEMS_MAX),
    pageBytesMax: clamp(claimed?.pageBytesMax, PAGE_BYTES_MAX),
    creditBytesMax: clamp(claimed?.creditBytesMax, CREDIT_BYTES_MAX),
  };
}

function clamp(claimed: number | undefined, most: number): number {
  return claimed === undefined || claimed === 0 ? most : Math.min(claimed, most);
}
