import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { Context } from './context.ts';
import type { DeviceState } from './ledger.ts';
import type { StoredStub } from './statements.ts';

/** Returns the stub of a stored envelope; undefined for a sequence that is not stored. RL-27. */
export function storedStub({ statements }: Context, { row }: DeviceState, sequence: number): Stub | undefined {
  return stubOf(statements.storedBySequence.get(row, sequence));
}

/** Returns the stub of a sender's head, stored or removed; undefined before the first envelope. RL-24, SE-15. */
export function headStub(context: Context, device: DeviceState): Stub | undefined {
  if (device.head === undefined) return undefined;
  return storedStub(context, device, device.head.sequence) ?? stubOf(context.statements.keptHeadStub.get(device.row));
}

/** Keeps the stub of an envelope that is about to be removed, if it is its sender's head. RL-24, RL-51. */
export function keepHeadStub({ statements, ledger }: Context, { device_row, sequence }: RemovedPlace): void {
  if (ledger.device(device_row)?.head?.sequence === sequence) statements.keepHeadStub.run(device_row, sequence);
}

/** The sender and place of an envelope that is about to be removed. */
export interface RemovedPlace {
  readonly device_row: number;
  readonly sequence: number;
}

/** Returns the stub of what is stored; undefined for nothing. RL-27. */
export function stubOf(stored: StoredStub | undefined): Stub | undefined {
  return stored && { header: stored.header, bodyHash: stored.body_hash, signature: stored.signature };
}
