import type { DatabaseConfig } from '../database.ts';
import type { Command, Outcomes, StorageFailure } from '../port.ts';
import type { PackedPushes } from './push-pack.ts';
import type { PackedResults } from './result-pack.ts';

/** What a relay allows a group; a part of relay.toml. */
export interface GroupQuotas {
  readonly bytesMax: number;
  readonly envelopesMax: number;
  readonly devicesMax: number;
  readonly mailboxesMax: number;
  readonly inviteLifetimeMsMax: number;
  readonly sessionsPerDeviceMax: number;
  readonly auditRowsMax: number;
}

/** What the writer thread is started with. */
export interface WriterConfig {
  readonly database: DatabaseConfig;
  readonly quotas: GroupQuotas;
}

/** Operations of one transaction. */
export interface Batch {
  readonly nowMs: number;
  /** In order; null stands for the next of the packed pushes. */
  readonly commands: readonly (Command | null)[];
  readonly pushes: PackedPushes;
}

export interface BatchResult {
  /** Of the commands that are not null, in order. */
  readonly outcomes: readonly Outcomes[Command['kind']][];
  readonly pushes: PackedResults;
}

/** Batches in order; `close` after the last. */
export type ToWriter = Batch | 'close';

/** One answer per batch, in order, with the buffer that it came in; before the first of them `opened` or, and then nothing more, `unopened`. */
export type FromWriter =
  | { readonly type: 'opened' }
  | { readonly type: 'unopened'; readonly failure: StorageFailure }
  | {
      readonly type: 'written';
      readonly result: BatchResult;
      readonly milliseconds: number;
      readonly buffer: ArrayBuffer;
    }
  | { readonly type: 'refused'; readonly failure: StorageFailure };
