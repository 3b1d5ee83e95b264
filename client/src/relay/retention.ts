import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { RelayRetention } from '../events.ts';

const SECOND_MS = 1000;

/** Reads what a relay says of its retention; 0 stands for never. SE-18, CL-19. */
export function readRetention({ retentionSeconds, retentionBytes }: HelloAck): RelayRetention {
  return {
    ...(retentionSeconds > 0 && { expiresAfterMs: retentionSeconds * SECOND_MS }),
    ...(retentionBytes > 0n && { bytesMax: Number(retentionBytes) }),
  };
}
