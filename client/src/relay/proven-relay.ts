import type { RelayKey } from '../store/types.ts';

/** A relay whose handshake has proven its NodeId. */
export interface ProvenRelay {
  /** NodeId in z-base-32, 52 characters: everything of this relay is stored under it. CL-01. */
  readonly key: RelayKey;
  /** `host:port`, for events and errors. */
  readonly address: string;
}
