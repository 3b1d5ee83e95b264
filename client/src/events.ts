import type { Acknowledgement } from './outbound/receipt.ts';

/** Where a relay link stands. */
export type LinkState =
  /** Nothing to do yet: there is no group. */
  | 'idle'
  | 'connecting'
  | 'connected'
  /** Lost; `retryAtMs` says when it is tried again. CL-36. */
  | 'waiting'
  /** Refused for good, or closed; it does not try again by itself. CL-37. */
  | 'stopped';

export interface RelayStatus {
  /** `host:port`. */
  readonly relay: string;
  readonly state: LinkState;
  /** NodeId in z-base-32; absent before the first session. */
  readonly nodeId?: string;
  /** The error that ended the last session, with its hint. */
  readonly error?: Error;
  readonly retryAtMs?: number;
  /** Highest cursor stored here. */
  readonly cursor: number;
}

export interface SessionStatus {
  /** At least one relay is connected. */
  readonly connected: boolean;
  readonly relays: readonly RelayStatus[];
  /** Messages that no relay has acknowledged yet, also right after a restart. */
  readonly unsynced: number;
}

/** Names an envelope without telling what is in it. */
export interface EnvelopeReference {
  /** Address of the relay that delivered it. */
  readonly relay: string;
  /** Its cursor there. */
  readonly cursor: number;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** Everything a session reports, by name. */
export interface SyncEvents {
  status: SessionStatus;
  /** A relay has it; `durable`: it survives a power cut there. */
  acknowledged: Acknowledgement & { readonly id: string };
  /** A relay refused it. `willRetry`: it is sent again by itself; otherwise `queue.retry` or `queue.drop`. CL-24. */
  refused: {
    readonly id: string;
    readonly relay: string;
    readonly code: number;
    readonly message: string;
    readonly hint: string;
    readonly willRetry: boolean;
  };
  /** New visible messages are stored; `pull` and `messages` give them. */
  received: { readonly count: number };
  /** An envelope failed its checks and is in the quarantine. EN-26. */
  rejected: EnvelopeReference & { readonly rejectClass: string };
  /** These sequences of a sender did not come; what follows was delivered without them. EN-24. */
  gap: { readonly sender: string; readonly from: number; readonly to: number };
  /** Two envelopes, both validly signed, have one sequence; the first stays. EN-23, CL-26. */
  fork: {
    readonly sender: string;
    readonly sequence: number;
    readonly own: boolean;
    readonly relay: string;
    /** H of the one that stays and of the other. */
    readonly hashes: readonly [Uint8Array, Uint8Array];
  };
  /** The relay lost what it had; it is read again from the start. CL-06. */
  'rolled-back': { readonly relay: string; readonly cursor: number };
  /** The relay has removed these cursors before they were read here. CL-08. */
  expired: { readonly relay: string; readonly from: number; readonly to: number };
  'member-joined': { readonly device: string; readonly name: string };
  /** The relay's keys are not the known ones. `accepted`: permissive mode has stored the new ones. CL-31. */
  'relay-key-changed': {
    readonly relay: string;
    /** NodeIds in z-base-32. */
    readonly before: string;
    readonly after: string;
    readonly accepted: boolean;
  };
}
