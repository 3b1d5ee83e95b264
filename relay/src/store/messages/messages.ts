import type { DatabaseConfig } from '../database.ts';
import type { Command, Outcomes, StorageFailure } from '../port.ts';
import type { PackedPushes } from './push-pack.ts';
import type { PackedResults } from './result-pack.ts';

/** The quotas of a group, from relay.toml. */
export interface GroupQuotas {
  readonly bytesMax: number;
  readonly envelopesMax: number;
  readonly devicesMax: number;
  readonly mailboxesMax: number;
  readonly inviteLifetimeMsMax: number;
  /** Bytes of all groups that one address created, and of all groups; 0 is no limit. RL-81. */
  readonly creatorBytesMax: number;
  readonly totalBytesMax: number;
  readonly auditRowsMax: number;
}

/** The settings of the writer thread. */
export interface WriterConfig {
  readonly database: DatabaseConfig;
  readonly quotas: GroupQuotas;
}

/** The operations of one transaction. */
export interface Batch {
  /** The relay's clock, and the retention clock, milliseconds since 1970. */
  readonly nowMs: number;
  readonly retentionMs: number;
  /** The commands in order; null stands for the next of the packed pushes. */
  readonly commands: readonly (Command | null)[];
  readonly pushes: PackedPushes;
}

/** The outcomes of one transaction. */
export interface BatchResult {
  /** The outcomes of the commands that are not null, in order. */
  readonly outcomes: readonly Outcomes[Command['kind']][];
  readonly pushes: PackedResults;
}

/** Messages to the writer: batches, then `close`. */
export type ToWriter = Batch | 'close';

/** The answer to a batch that is durable. */
export interface WrittenBatch {
  readonly type: 'written';
  readonly result: BatchResult;
  /** True when it shows that storage takes new envelopes. */
  readonly isSound: boolean;
  readonly milliseconds: number;
  /** The one of the batch's pushes, which is free again. */
  readonly buffer: ArrayBuffer;
}

/** Messages of the writer: first `opened`, or `unopened` and nothing more; then one answer per batch, in order. */
export type FromWriter =
  | { readonly type: 'opened'; readonly trouble: StorageFailure | undefined }
  | { readonly type: 'unopened'; readonly failure: StorageFailure }
  | WrittenBatch
  | { readonly type: 'refused'; readonly failure: StorageFailure };
