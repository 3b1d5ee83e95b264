import type { MemberRequest } from '@0k-sync/core/session';
import type { CompletionOf } from '../../store/port.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { listDevices } from './device-requests.ts';
import type { LogRequests } from './log-requests.ts';
import { answerCancel, answerPut, cancelMailbox, putMailbox } from './mailbox-requests.ts';
import type { MemberDeps, MemberOperation } from './member-deps.ts';
import type { PushRequests } from './push-requests.ts';

/** The collaborators of a member's handlers that hold state. */
export interface MemberRooms extends MemberDeps {
  readonly log: LogRequests;
  readonly pushes: PushRequests;
  readonly acknowledgements: Acknowledgements;
}

/** The handling of one kind of request. */
export interface MemberHandler<Value> {
  /** A read waits for the writes before it. SE-06. */
  readonly isRead: boolean;
  /** Its answer is a Page or Deliver, which waits for a turn of its own. RL-73. */
  readonly isPaged: boolean;
  /** The number of operations that the request counts as. RL-62. */
  operations(value: Value): number;
  /** Answers the request, refuses it, or gives the store an operation. Throws StorageError. */
  handle(rooms: MemberRooms, requestId: number, value: Value): void;
}

const SMALL = { operations: () => 1, isPaged: false };
const READ = { ...SMALL, isRead: true };
const PAGED = { ...READ, isPaged: true };
const WRITE = { ...SMALL, isRead: false };

/** One row for each frame of a member that spec/session.md lists. */
const HANDLERS: { readonly [Body in MemberRequest as Body['$case']]: MemberHandler<Body['value']> } = {
  push: {
    isRead: false,
    isPaged: false,
    operations: ({ items }) => items.length,
    handle: ({ pushes }, requestId, push) => pushes.receive(requestId, push),
  },
  pull: { ...PAGED, handle: ({ log }, requestId, pull) => log.pull(requestId, pull) },
  subscribe: { ...PAGED, handle: ({ log }, requestId, subscribe) => log.subscribe(requestId, subscribe) },
  listDevices: { ...READ, handle: listDevices },
  credit: { ...WRITE, handle: ({ log }, _, { bytes }) => log.credit(bytes) },
  ack: { ...WRITE, handle: ({ acknowledgements }, _, { cursor }) => acknowledgements.receive(Number(cursor)) },
  mailboxPut: { ...WRITE, handle: putMailbox },
  mailboxCancel: { ...WRITE, handle: cancelMailbox },
};

/** Returns the handler of a request. */
export function handlerOf({ $case }: MemberRequest): MemberHandler<MemberRequest['value']> {
  return HANDLERS[$case];
}

type Settler<Kind extends MemberOperation['kind']> = (
  rooms: MemberRooms,
  completion: CompletionOf<Extract<MemberOperation, { kind: Kind }>>,
) => void;

/** One row for each operation that a member's requests become: it answers the request. */
const SETTLERS: { readonly [Kind in MemberOperation['kind']]: Settler<Kind> } = {
  push: ({ pushes }, { operation, outcome }) => pushes.answer(operation.requestId, outcome),
  acknowledge: ({ acknowledgements }, { outcome }) => acknowledgements.settle(outcome),
  'mailbox-put': (rooms, { operation, outcome }) => answerPut(rooms, operation.requestId, outcome),
  'mailbox-cancel': (rooms, { operation, outcome }) => answerCancel(rooms, operation.requestId, outcome),
};

/** Answers the request whose operation is durable now. */
export function settle(rooms: MemberRooms, completion: CompletionOf<MemberOperation>): void {
  const tell = SETTLERS[completion.kind] as Settler<MemberOperation['kind']>;
  tell(rooms, completion);
}
