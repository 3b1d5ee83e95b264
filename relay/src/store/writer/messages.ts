import type { DatabaseSettings } from '../database.ts';
import type { StorageFailure } from '../port.ts';
import type { Batch, BatchResult } from './batch.ts';
import type { GroupQuotas } from './context.ts';

/** What the writer thread is started with. */
export interface WriterSettings {
  readonly database: DatabaseSettings;
  readonly quotas: GroupQuotas;
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
