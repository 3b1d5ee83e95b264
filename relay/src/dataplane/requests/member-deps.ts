import type { Refusal } from '@0k-sync/core/wire';
import type { Acknowledge, DeviceRow, GroupRow, MailboxCancel, MailboxPut, Push } from '../../store/port.ts';
import type { Carrier } from '../shared/carrier.ts';

/** The store's operations that a member's requests become. */
export type MemberOperation = Push | Acknowledge | MailboxPut | MailboxCancel;

/** The collaborators of a member's handlers. */
export interface MemberDeps {
  readonly carrier: Carrier;
  readonly group: GroupRow;
  readonly device: DeviceRow;
  /** Gives the store a write that later reads have to see. SE-06. */
  submit(operation: MemberOperation): void;
  /** Refuses a request; 0 stands for a frame that has no answer. SE-03. */
  refuse(requestId: number, refusal: Refusal): void;
}
