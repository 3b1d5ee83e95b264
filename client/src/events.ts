import type { ErrorName } from '@0k-sync/generated/errors';
import type { SyncError } from './error.ts';

/** The state of the link to one relay. */
export type LinkState =
  /** Not dialled: nothing needs the relay now, or the device was opened offline. */
  | 'idle'
  /** Dialling, or waiting for the relay's answer to Hello. */
  | 'connecting'
  /** The relay has let this device in. */
  | 'connected'
  /** The connection was lost; `retryAtMs` tells when the next attempt begins. CL-36. */
  | 'waiting'
  /**
   * The relay refused this device, or the session is closed: no attempt is made until the app asks for one, or until
   * `retryAtMs`. CL-37.
   */
  | 'stopped';

/** The removal that a relay says its operator has configured; a claim. Empty: it keeps everything. SE-18. */
export interface RelayRetention {
  /** Age at which the relay removes messages, ms; absent if it removes none by age. */
  readonly expiresAfterMs?: number;
  /** Bytes of one group above which the relay removes the oldest messages; absent if it removes none by size. */
  readonly bytesMax?: number;
}

/** The status of the link to one relay. */
export interface RelayStatus {
  /** `host:port`. */
  readonly relay: string;
  readonly state: LinkState;
  /** NodeId of the relay, z-base-32, 52 characters; absent before the first session. */
  readonly nodeId?: string;
  /** The error that ended the last session or attempt, or that forbids pushing. */
  readonly error?: SyncError;
  /** Time of the next attempt, milliseconds since 1970; present in state `waiting`, and sometimes in `stopped`. */
  readonly retryAtMs?: number;
  /** Highest cursor of this relay that is stored here; 0 if none is. */
  readonly cursor: number;
  /**
   * Messages that the relay removes are lost for devices that join later or were away for longer. Absent before the first
   * session of this process. CL-19.
   */
  readonly retention?: RelayRetention;
}

/** The state of a group: a frozen object, which is another object only when something in it is another. */
export interface GroupState {
  /** True when at least one relay is connected. */
  readonly connected: boolean;
  /** Empty for a group that is local-only, and without a group. */
  readonly relays: readonly RelayStatus[];
  /** Number of messages that no relay has acknowledged yet; right also directly after a restart. */
  readonly unsynced: number;
  /** The messages that a relay has refused, for good or for now, in the order of sending. CL-60. */
  readonly refused: readonly RefusedMessage[];
}

/** A message that a relay has refused: a row of the error table (spec/errors.md). */
export interface RefusedMessage {
  /** 32 hexadecimal characters, for `queue.retry` and `queue.drop`. */
  readonly id: string;
  readonly code: number;
  readonly errorName: ErrorName;
  readonly message: string;
  readonly hint: string;
}

/** A relay's acknowledgement that it has stored a message. CL-27. */
export interface Acknowledgement {
  /** Address of the relay, `host:port`. */
  readonly relay: string;
  /** Cursor of the message at that relay; absent if the relay had stored and already removed it. */
  readonly cursor?: number;
  /** True when the message survives a power cut of that relay. */
  readonly durable: boolean;
}

/** Identifies an envelope without its content. */
export interface EnvelopeReference {
  /** Address of the relay that delivered it, `host:port`. */
  readonly relay: string;
  /** Its cursor at that relay; 0 if it did not come through the log. */
  readonly cursor: number;
  /** H, 32 bytes. EN-13. */
  readonly hash: Uint8Array;
}

/** The status of a session is the state of its group. */
export type SessionStatus = GroupState;

/** The events of a group, by name. */
export interface SyncEvents {
  /** The state has changed. */
  status: GroupState;
  /** A relay has stored the message with this id. */
  acknowledged: Acknowledgement & { readonly id: string };
  /**
   * A relay has refused the message with this id. With `willRetry` the session sends it again by itself; otherwise it
   * waits for `queue.retry` or `queue.drop`. CL-24.
   */
  refused: {
    readonly id: string;
    /** Address of the relay, `host:port`. */
    readonly relay: string;
    /** Number of a row of the error table (spec/errors.md). */
    readonly code: number;
    /** Name of the same row. */
    readonly errorName: ErrorName;
    readonly message: string;
    readonly hint: string;
    readonly willRetry: boolean;
  };
  /** New messages are stored; `pull()` and `messages()` give them. */
  received: { readonly count: number };
  /** An envelope failed its checks and is in the quarantine. `rejectClass` is one of spec/errors.md. EN-26. */
  rejected: EnvelopeReference & { readonly rejectClass: string };
  /**
   * Sequences `from` to `to` of a sender (z-base-32 key) did not come; later messages were delivered without them.
   * `completeness()` lists them until they come. EN-24.
   */
  gap: { readonly sender: string; readonly from: number; readonly to: number };
  /** A sender has signed two envelopes for one sequence; the first one stays in the log. EN-23, CL-26. */
  fork: {
    /** Key of the sender, z-base-32. */
    readonly sender: string;
    readonly sequence: number;
    /** True when the sender is this device. */
    readonly own: boolean;
    /** Address of the relay that delivered the second envelope, `host:port`. */
    readonly relay: string;
    /** H of the envelope that stays and H of the other, 32 bytes each. */
    readonly hashes: readonly [Uint8Array, Uint8Array];
  };
  /** The relay lost data that this device had read up to `cursor`; its log is read again from the start. CL-06. */
  'rolled-back': { readonly relay: string; readonly cursor: number };
  /**
   * Without `sender`: the relay removed cursors `from` to `to` before this device read them. With `sender`, which is this
   * device's z-base-32 key: sequences `from` to `to` of this device that it has lost and that its own head at the relay
   * proves. `completeness()` lists both also later. CL-08, CL-28.
   */
  expired: { readonly relay: string; readonly sender?: string; readonly from: number; readonly to: number };
  /**
   * The relay removes messages by age, and soon, from `atMs` on (milliseconds since 1970), some that are still needed.
   * `unread`: no session with it has been possible for three quarters of that age, so that messages of others may be removed
   * before this device reads them. `history`: messages of the local log, which devices that join later will lack. CL-29.
   */
  expiring: { readonly relay: string; readonly what: 'unread' | 'history'; readonly atMs: number };
  /**
   * The relay was read to its head and has not delivered sequences `from` to `to` of a sender (z-base-32 key), which the
   * sender's own signature proves to exist. CL-11.
   */
  withheld: { readonly relay: string; readonly sender: string; readonly from: number; readonly to: number };
  /** A device (z-base-32 key) has introduced itself to the group. PA-22. */
  'member-joined': { readonly device: string; readonly name: string };
  /** The relay shows other keys than the pinned ones. `accepted`: permissive mode has stored the new keys. CL-31. */
  'relay-key-changed': {
    /** Address of the relay, `host:port`. */
    readonly relay: string;
    /** The pinned keys, `<nodeid>[.<kem hash>]` in z-base-32. */
    readonly before: string;
    /** The keys that the relay shows, in the same form. */
    readonly after: string;
    readonly accepted: boolean;
  };
}
