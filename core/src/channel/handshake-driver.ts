import type { ErrorName } from '@0k-sync/generated/errors';
import type { Failure } from '../wire/index.ts';
import type { ChannelInfo } from './channel.ts';
import type { RecordLayer } from './records.ts';

/** One role's part of a channel until its records begin. */
export interface HandshakeDriver {
  /** True once no further part is expected. */
  readonly isOver: boolean;
  /** Sends what this role sends unasked. */
  begin(): void;
  /** The whole length of the part at `start`; see `Measure`. */
  measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined;
  /** Takes one whole part: a preface, or a message behind its length. */
  receive(part: Uint8Array): void;
  /** Ends the handshake because a part cannot be read. */
  refuse(error: ErrorName): void;
  /** Wipes what is secret. */
  wipe(): void;
}

/** What a driver tells its channel. */
export interface HandshakeListener {
  send(bytes: Uint8Array): void;
  complete(records: RecordLayer, info: ChannelInfo): void;
  failed(error: ErrorName): void;
}
