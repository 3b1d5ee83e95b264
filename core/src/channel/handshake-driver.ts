import type { ErrorName } from '@0k-sync/generated/errors';
import type { Failure } from '../wire/index.ts';
import type { ChannelInfo } from './channel.ts';
import type { RecordLayer } from './records.ts';

/** One role's handshake, which a channel runs until its records begin. */
export interface HandshakeDriver {
  /** True when the driver expects no further part. */
  readonly isOver: boolean;
  /** Sends this role's first bytes, if it speaks first. */
  begin(): void;
  /** Measures the part at `start`; see `Measure`. */
  measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined;
  /** Takes one whole part: a preface, or a message behind its length. */
  receive(part: Uint8Array): void;
  /** Ends the handshake because a part cannot be read. */
  refuse(error: ErrorName): void;
  /** Wipes the secrets. */
  wipe(): void;
}

/** Receives what a driver does. */
export interface HandshakeListener {
  send(bytes: Uint8Array): void;
  complete(records: RecordLayer, info: ChannelInfo): void;
  failed(error: ErrorName): void;
}
