import { zBase32 } from '@0k-sync/core/bytes';
import {
  checkChoice,
  checkItems,
  checkListener,
  checkOptions,
  checkReadOptions,
  checkSignal,
  checkText,
} from '../arguments.ts';
import { abortable } from '../async/abortable.ts';
import type { Unsubscribe } from '../async/emitter.ts';
import type { GroupState, SyncEvents } from '../events.ts';
import { devicesOf, type MemberDevice } from '../group/device.ts';
import { type Completeness, readCompleteness } from '../inbound/completeness.ts';
import type { Message, MessagesOptions, PullOptions } from '../inbound/message.ts';
import type { AppTables } from '../log/app-tables.ts';
import type { Log } from '../log/log.ts';
import type { PushOptions } from '../outbound/draft.ts';
import type { Pusher, PushItem } from '../outbound/pusher.ts';
import type { Queue } from '../outbound/queue.ts';
import type { PushReceipt } from '../outbound/receipt.ts';
import type { ReadOptions } from '../progress.ts';
import { parseRelay } from '../relay/relay-address.ts';
import type { TofuMode } from '../relay/relay-pins.ts';
import type { GroupSlot } from '../session/group-slot.ts';
import { checkPairOptions, type PairOptions } from '../session/inviter.ts';
import type { Pairing } from '../session/pairing.ts';
import { catchUpWith, listDevicesOf } from '../session/reading.ts';
import { describeConnection, describePin, type RelayConnection, type TrustedRelay } from '../session/status.ts';
import { partsOf } from './group-parts.ts';
import { messagesOf, pullAbove } from './seed-reading.ts';

/** Options of a call that can be cancelled. */
export interface CallOptions {
  /** Rejects the call with the signal's reason when it aborts. */
  readonly signal?: AbortSignal;
}

/** Options of `addRelay()`. */
export interface AddRelayOptions extends CallOptions {
  /** The token for a relay that creates groups by token only; sent only if the relay is named with its key. CL-69. */
  readonly accessToken?: string;
}

/**
 * One group of this device. Messages are stored here first, so nothing but `invite`, `cancelInvite`, `connect` and
 * `reconnect` needs a network. A relay is dialled when something needs it, and left half a minute later. Rejections and
 * throws are SyncErrors, a TypeError for an argument of a wrong type, or the reason of a signal.
 */
export class Group {
  /** The messages as this device has stored them, which needs no network. */
  readonly log: Log;
  /** The messages that no relay has acknowledged yet. */
  readonly queue: Queue;
  readonly #slot: GroupSlot;
  readonly #pairing: Pairing;
  readonly #pusher: Pusher;

  /** Use `device.createGroup`, `device.join` or `device.group`. */
  constructor(slot: GroupSlot, pairing: Pairing, tables?: AppTables) {
    this.#slot = slot;
    this.#pairing = pairing;
    const { log, queue, pusher } = partsOf(slot, tables, () => this.#wake());
    this.log = log;
    this.queue = queue;
    this.#pusher = pusher;
  }

  /** The group's id, z-base-32, 52 characters. */
  get id(): string {
    return zBase32(this.#membership.groupId);
  }

  /** Key of this device in the group, z-base-32, 52 characters; another one in every group. GR-10. */
  get device(): string {
    return zBase32(this.#membership.deviceKey);
  }

  /** The state now: the links, the number of unsynced messages, and those that were refused. */
  get state(): GroupState {
    return this.#slot.state.current;
  }

  /** Calls `listener` after each change of `state`, until the returned function is called. */
  subscribe(listener: (state: GroupState) => void): Unsubscribe {
    checkListener('listener', listener);
    return this.#slot.state.subscribe(listener);
  }

  /** Calls `listener` at every event of that name, until the returned function is called. */
  on<Name extends keyof SyncEvents>(name: Name, listener: (event: SyncEvents[Name]) => void): Unsubscribe {
    checkText('name', name);
    checkListener('listener', listener);
    const { state, events } = this.#slot;
    if (name === 'status') return state.subscribe(listener as (event: SyncEvents['status']) => void);
    return events.on(name, listener);
  }

  /**
   * Decides what happens when a relay shows other keys than the pinned ones; takes effect with the next connection.
   * CL-31.
   */
  get tofuMode(): TofuMode {
    return this.#slot.pins.mode;
  }

  set tofuMode(mode: TofuMode) {
    checkChoice('tofuMode', mode, ['strict', 'permissive']);
    this.#slot.pins.mode = mode;
  }

  /**
   * Queues a message durably and sends it as soon as a relay can be reached. CL-20.
   *
   * @param content text or bytes, at most CONTENT_BYTES_MAX bytes
   * @throws SyncError kind `argument` (too large, unreadable id, an id of other content, text that is not well-formed),
   *   `store` (full or failed), `closed`; the signal's reason
   */
  async push(content: string | Uint8Array, options: PushOptions = {}): Promise<PushReceipt> {
    checkOptions(options);
    checkSignal(options.signal);
    return await this.#pusher.push(content, options);
  }

  /** Queues several messages in one transaction, all or none. Rejects as `push()`. CL-20. */
  async pushAll(items: readonly PushItem[], options: CallOptions = {}): Promise<readonly PushReceipt[]> {
    checkItems('items', items);
    checkSignal(options.signal);
    return await this.#pusher.pushAll(items, options);
  }

  /**
   * Resolves when a relay has stored everything that was pushed before.
   *
   * @throws SyncError as `PushReceipt.acknowledged` when a relay refuses one of the messages for good; `no-relay`; the
   *   signal's reason
   */
  async flush(options: CallOptions = {}): Promise<void> {
    checkSignal(options.signal);
    this.#slot.active.assertRelay();
    await this.#pusher.flush(options);
  }

  /**
   * Resolves when a relay has everything that it had to deliver at the call stored here, however many attempts that
   * takes.
   *
   * @throws SyncError kind `refused` or `protocol` when waiting is useless, `no-relay`, `closed`
   */
  async caughtUp(options: ReadOptions = {}): Promise<void> {
    checkReadOptions(options);
    const { anchor, intake, deps } = this.#slot.active;
    await catchUpWith(deps, anchor, options);
    await abortable(intake.settled(), options.signal);
  }

  /** Reads the relay and resolves with the messages above its cursor `afterCursor`. See `SyncSession.pull`. */
  pull(afterCursor = 0, options: PullOptions = {}): Promise<Message[]> {
    return pullAbove(this.#slot, afterCursor, options);
  }

  /** Gives the messages from other members, each once. See `SyncSession.messages`; `log.process` does more. */
  messages(options: MessagesOptions = {}): AsyncGenerator<Message, void, undefined> {
    return messagesOf(this.#slot, options);
  }

  /**
   * Resolves with an invite for one more device, which is a secret text. PA-13.
   *
   * @throws SyncError kind `no-relay`, `unreachable`, `refused`, `protocol`, `identity`, `argument`, `closed`
   */
  async invite(options: PairOptions = {}): Promise<string> {
    checkPairOptions(options);
    return await this.#pairing.create(options);
  }

  /**
   * Cancels an invite of this group by its text, so that nobody can join with it. PA-24.
   *
   * @throws SyncError kind `invite` when it is unreadable, used, expired, cancelled or of another group; `no-relay`,
   *   `unreachable`, `refused`, `protocol`, `identity`, `closed`
   */
  async cancelInvite(invite: string, { signal }: CallOptions = {}): Promise<void> {
    checkText('invite', invite);
    checkSignal(signal);
    await this.#pairing.cancel(invite, signal);
  }

  /** Lists the devices of the group; asks the relay first if it is connected. @throws SyncError kind `closed` */
  async devices({ signal }: CallOptions = {}): Promise<readonly MemberDevice[]> {
    checkSignal(signal);
    const { links, membership } = this.#slot.active;
    const [anchor] = links;
    if (anchor?.status.state === 'connected') await listDevicesOf(anchor, signal);
    return devicesOf(membership);
  }

  /**
   * Resolves with the connection to the relay as the handshake has proven it; retries at once if a retry was due later.
   *
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `no-relay`, `closed`
   */
  async connect({ signal }: CallOptions = {}): Promise<RelayConnection> {
    checkSignal(signal);
    return describeConnection(await this.#slot.active.anchor.connect(signal));
  }

  /**
   * Leaves the present connection without waiting for an answer and makes a new one: for a device that has woken up or
   * changed its network. Resolves and throws as `connect()`. CL-39.
   */
  async reconnect({ signal }: CallOptions = {}): Promise<RelayConnection> {
    checkSignal(signal);
    return describeConnection(await this.#slot.active.anchor.reconnect(signal));
  }

  /**
   * Gives a local-only group its relay. Resolves when that is stored; messages are sent as soon as the relay can be
   * reached.
   *
   * @param relay `[<nodeid>[.<kem hash>]@]host[:port]`. CL-34.
   * @throws SyncError kind `argument` for an unreadable relay, or when the group has one already; `store`, `closed`
   */
  async addRelay(relay: string, { accessToken = '', signal }: AddRelayOptions = {}): Promise<void> {
    checkText('relay', relay);
    checkText('accessToken', accessToken);
    checkSignal(signal);
    await this.#pairing.addRelay(relay, accessToken);
  }

  /**
   * Uses another relay in place of the group's own until the group is closed. No other device is told, and calls that wait
   * for the present relay reject.
   *
   * @param relay `[<nodeid>[.<kem hash>]@]host[:port]`. CL-34.
   * @throws SyncError kind `argument` for an unreadable relay, `closed`
   */
  async useRelay(relay: string, { accessToken = '', signal }: AddRelayOptions = {}): Promise<void> {
    checkText('relay', relay);
    checkText('accessToken', accessToken);
    checkSignal(signal);
    await this.#slot.useRelay(parseRelay(relay), accessToken);
  }

  /** Tells what this device lacks of the group's messages, as far as it is known. CL-14. @throws SyncError kind `closed` */
  async completeness({ signal }: CallOptions = {}): Promise<Completeness> {
    checkSignal(signal);
    this.#slot.assertOpen();
    return await abortable(readCompleteness(this.#slot.config.store), signal);
  }

  /** The pinned keys of every relay that this group knows. */
  get trustedRelays(): readonly TrustedRelay[] {
    return this.#slot.pins.listPins().map(describePin);
  }

  /**
   * Trusts other keys of a relay from the next connection on. `<nodeid>[.<kem hash>]@host:port` pins exactly these keys;
   * `host:port` forgets the old keys, so that the next session pins those that the relay then shows. CL-32.
   *
   * @throws SyncError kind `argument` for an unreadable relay, `store`, `closed`
   */
  async trustRelay(relay: string): Promise<void> {
    checkText('relay', relay);
    this.#slot.assertOpen();
    const { address, pin } = parseRelay(relay);
    const { pins, config, current } = this.#slot;
    await config.store.commit(pins.replacePin(pin ?? { address, fixed: false }));
    for (const link of current?.links ?? []) link.retry();
  }

  /** Says goodbye to the relays. Queued messages stay queued. Calling it again does nothing. */
  close(): Promise<void> {
    return this.#slot.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #membership() {
    const { current } = this.#slot;
    return (current ?? this.#slot.active).membership;
  }

  #wake(): void {
    this.#slot.current?.wake();
    this.#slot.changed();
  }
}
