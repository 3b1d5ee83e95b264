import { zBase32 } from '@0k-sync/core/bytes';
import { DEVICE_SEED_BYTES } from '@0k-sync/core/group';
import { checkOptions, checkSignal, checkTexts } from '../arguments.ts';
import type { Unsubscribe } from '../async/emitter.ts';
import { SyncError } from '../error.ts';
import type { GroupState, SyncEvents } from '../events.ts';
import type { MemberDevice } from '../group/device.ts';
import { notMemberError, readGroupId } from '../group/group-id.ts';
import type { Completeness } from '../inbound/completeness.ts';
import type { Message, MessagesOptions, PullOptions } from '../inbound/message.ts';
import type { Log } from '../log/log.ts';
import type { PushOptions } from '../outbound/draft.ts';
import type { PushItem } from '../outbound/pusher.ts';
import type { Queue } from '../outbound/queue.ts';
import type { PushReceipt } from '../outbound/receipt.ts';
import type { TofuMode } from '../relay/relay-pins.ts';
import type { ActiveGroup } from '../session/active-group.ts';
import { relaysOf } from '../session/active-group.ts';
import { GroupSlot } from '../session/group-slot.ts';
import { checkPairOptions, type PairOptions } from '../session/inviter.ts';
import { checkJoin, type JoinOptions } from '../session/joiner.ts';
import { checkSharedOptions, resolveOptions, type SyncSessionOptions } from '../session/options.ts';
import { Pairing } from '../session/pairing.ts';
import type { RelayConnection, TrustedRelay } from '../session/status.ts';
import { type CallOptions, Group } from './group.ts';

/**
 * A device's session with its group: push, pull, live messages and pairing. It outlives connections: it dials again
 * after each loss until it is closed. Rejections and throws are SyncErrors.
 */
export class SyncSession {
  readonly #slot: GroupSlot;
  readonly #pairing: Pairing;
  readonly #group: Group;

  /**
   * Opens this device's data and, if the device is in a group, connects in the background.
   *
   * @param groupId the group's id in z-base-32 (52 characters), hexadecimal (64 digits) or bytes (32); undefined for
   *   the group in the store, or for a new one that `pair()` creates
   * @param relays the relay to use, at most one, `[<nodeid>[.<kem hash>]@]host[:port]`; empty for the group's own. CL-34.
   * @throws SyncError kind `argument` for an unreadable id or relay, `already-paired` when the store has another group,
   *   `store` for data that cannot be opened
   */
  static async new(
    groupId: string | Uint8Array | undefined,
    relays: readonly string[],
    options: SyncSessionOptions,
  ): Promise<SyncSession> {
    checkOptions(options);
    const { store, signal, ...resolved } = resolveOptions(options);
    try {
      checkTexts('relays', relays);
      checkSharedOptions(options);
      checkSignal(signal);
      const id = groupId === undefined ? undefined : readGroupId(groupId);
      const newSeed = () => resolved.random(DEVICE_SEED_BYTES);
      const slot = await GroupSlot.open({ ...resolved, store, links: 'kept', groupId: id, relays, newSeed });
      const session = new this(slot);
      signal?.addEventListener('abort', () => void session.close(), { once: true });
      return session;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Use `SyncSession.new`. */
  protected constructor(slot: GroupSlot) {
    this.#slot = slot;
    this.#pairing = new Pairing(slot);
    this.#group = new Group(slot, this.#pairing);
  }

  /** The messages that no relay has acknowledged yet. */
  get queue(): Queue {
    return this.#group.queue;
  }

  /**
   * The messages that are stored here, own ones too. See `Log`; `log.process()` needs the option `into`.
   * @throws SyncError kind `not-paired`, `closed`
   */
  get log(): Log {
    this.#slot.active;
    return this.#group.log;
  }

  /** The group's id, z-base-32, 52 characters; undefined before `pair()` or `pairJoin()`. */
  get groupId(): string | undefined {
    return this.#slot.current && zBase32(this.#slot.current.membership.groupId);
  }

  /** Key of this device in the group, z-base-32, 52 characters; undefined before `pair()` or `pairJoin()`. */
  get device(): string | undefined {
    return this.#slot.current && zBase32(this.#slot.current.membership.deviceKey);
  }

  /** The state of the links and the number of unsynced messages, now. */
  get status(): GroupState {
    return this.#group.state;
  }

  /** The handshake that this session uses. CL-35. */
  get mode(): 'hybrid' | 'classical' {
    return this.#slot.config.mode;
  }

  /** See `Group.tofuMode`. CL-31. */
  get tofuMode(): TofuMode {
    return this.#group.tofuMode;
  }

  set tofuMode(mode: TofuMode) {
    this.#group.tofuMode = mode;
  }

  /** Calls `listener` at every event of that name. The returned function removes the listener. */
  on<Name extends keyof SyncEvents>(name: Name, listener: (event: SyncEvents[Name]) => void): Unsubscribe {
    return this.#group.on(name, listener);
  }

  /** See `Group.connect`. @throws SyncError also of kind `not-paired` */
  connect(options?: CallOptions): Promise<RelayConnection> {
    return this.#group.connect(options);
  }

  /** See `Group.reconnect`. CL-39. @throws SyncError also of kind `not-paired` */
  reconnect(options?: CallOptions): Promise<RelayConnection> {
    return this.#group.reconnect(options);
  }

  /** See `Group.push`. CL-20. @throws SyncError also of kind `not-paired` */
  push(content: string | Uint8Array, options?: PushOptions): Promise<PushReceipt> {
    return this.#group.push(content, options);
  }

  /** See `Group.pushAll`. CL-20. @throws SyncError also of kind `not-paired` */
  pushAll(items: readonly PushItem[], options?: CallOptions): Promise<readonly PushReceipt[]> {
    return this.#group.pushAll(items, options);
  }

  /** See `Group.flush`. CL-43. @throws SyncError also of kind `not-paired` */
  flush(options?: CallOptions): Promise<void> {
    return this.#group.flush(options);
  }

  /**
   * Reads everything that the relay has, then resolves with the messages above a cursor of that relay, in its order,
   * this device's own included. With a `signal` it tries until the signal aborts, as `Group.caughtUp`; without one it
   * tries once.
   *
   * @throws SyncError kind `unreachable` (without a signal), `refused`, `protocol`, `identity`, `not-paired`, `closed`; the
   *   signal's reason
   */
  pull(afterCursor = 0, options: PullOptions = {}): Promise<Message[]> {
    return this.#group.pull(afterCursor, options);
  }

  /** See `Group.completeness`. CL-14. */
  completeness(options?: CallOptions): Promise<Completeness> {
    return this.#group.completeness(options);
  }

  /**
   * Messages from other members, each delivered once, even across restarts. A message is marked read when you request
   * the next, or leave the loop. That is stored once for each page of at most 256 messages, so a kill in the middle of a
   * page gives that page again. The loop ends when the session closes or `signal` aborts.
   *
   * @throws SyncError kind `not-paired`, `closed`, `argument` while another loop is reading
   */
  messages(options: MessagesOptions = {}): AsyncGenerator<Message, void, undefined> {
    return this.#group.messages(options);
  }

  /** See `Group.devices`. @throws SyncError also of kind `not-paired` */
  devices(options?: CallOptions): Promise<readonly MemberDevice[]> {
    return this.#group.devices(options);
  }

  /**
   * Resolves with an invite for one more device, which is a secret text, and creates the group first if there is none.
   * When the relay cannot be reached or refuses, the group stays; call `pair()` again. PA-13.
   *
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `argument` (also when no relay was named),
   *   `store`, `closed`
   */
  async pair(options: PairOptions = {}): Promise<string> {
    checkPairOptions(options);
    return await this.#pairing.create(options, () => this.#createGroup());
  }

  /** See `Group.cancelInvite`. PA-24. @throws SyncError also of kind `not-paired` */
  cancelInvite(invite: string, options?: CallOptions): Promise<void> {
    return this.#group.cancelInvite(invite, options);
  }

  /**
   * Joins the group of an invite. After a wrong passphrase, a lost connection or a crash, call it again, also in a new
   * session over the same store. PA-20.
   *
   * @throws SyncError kind `invite`, `already-paired`, `unreachable`, `refused`, `protocol`, `identity`, `store`, `closed`
   */
  async pairJoin(invite: string, options: JoinOptions = {}): Promise<void> {
    checkJoin(invite, options);
    await this.#pairing.join(invite, options);
  }

  /** The pinned keys of every relay that this device knows. */
  get trustedRelays(): readonly TrustedRelay[] {
    return this.#group.trustedRelays;
  }

  /** See `Group.trustRelay`. CL-32. */
  trustRelay(relay: string): Promise<void> {
    return this.#group.trustRelay(relay);
  }

  /** Says goodbye to the relays and closes the store. Queued messages stay queued. Calling it again does nothing. */
  close(): Promise<void> {
    return this.#slot.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #createGroup(): Promise<ActiveGroup> {
    const { groupId, relays } = this.#slot.config;
    if (groupId !== undefined) throw notMemberError(groupId);
    const addresses = relaysOf(relays, []);
    if (addresses.length === 0) throw noRelayNamedError();
    return this.#slot.create(addresses);
  }
}

function noRelayNamedError(): SyncError {
  return new SyncError('argument', 'No relay is named.', { hint: 'Name one relay, as host:port.' });
}
