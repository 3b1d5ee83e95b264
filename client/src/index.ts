export type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
export type { ErrorName } from '@0k-sync/generated/errors';
export * as limits from '@0k-sync/generated/limits';
export type { Clock } from './async/clock.ts';
export { systemClock } from './async/clock.ts';
export type { Unsubscribe } from './async/emitter.ts';
export { type CreateGroupOptions, Device, type DeviceEvents } from './device/device.ts';
export type { DeviceOptions } from './device/device-options.ts';
export { type AddRelayOptions, type CallOptions, Group } from './device/group.ts';
export { openDevice } from './device/open-device.ts';
export { SyncSession } from './device/sync-session.ts';
export { SyncError, type SyncErrorDetails, type SyncErrorKind } from './error.ts';
export type {
  Acknowledgement,
  EnvelopeReference,
  GroupState,
  LinkState,
  RefusedMessage,
  RelayRetention,
  RelayStatus,
  SessionStatus,
  SyncEvents,
} from './events.ts';
export type { MemberDevice } from './group/device.ts';
export type { Completeness } from './inbound/completeness.ts';
export type { Message, MessagesOptions, PullOptions } from './inbound/message.ts';
export type { AppTables, AppTransaction, SqlRow, SqlValue } from './log/app-tables.ts';
export { Log, type ReadLogOptions, type UnreadOptions } from './log/log.ts';
export type { CursorTarget, ProcessTarget } from './log/process-target.ts';
export type { Handler, ProcessOptions } from './log/processing.ts';
export { SqlTables, type TablesConnections, type TablesDatabase } from './log/sql-tables.ts';
export { type SqliteDatabase, sqliteTarget } from './log/sqlite-target.ts';
export type { Unread } from './log/unread.ts';
export type { PushOptions } from './outbound/draft.ts';
export type { PushItem } from './outbound/pusher.ts';
export type { DroppedMessage, Queue, QueueEntry } from './outbound/queue.ts';
export type { PushReceipt } from './outbound/receipt.ts';
export type { Progress, ReadOptions } from './progress.ts';
export { parseRelay, type RelayAddress } from './relay/relay-address.ts';
export type { TofuMode } from './relay/relay-pins.ts';
export type { PairOptions } from './session/inviter.ts';
export type { JoinOptions } from './session/joiner.ts';
export type { SyncSessionOptions } from './session/options.ts';
export type { RelayConnection, TrustedRelay } from './session/status.ts';
export { MemoryStore } from './store/memory.ts';
export { MemoryDeviceStore } from './store/memory-device.ts';
export type { Change, DeviceStore, OwnChain, PlacedLogEntry, Snapshot, Store } from './store/port.ts';
export type * from './store/types.ts';
