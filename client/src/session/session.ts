import { zBase32 } from '@0k-sync/core/bytes';
import { abortable } from '../async/abortable.ts';
import { Emitter, type Unsubscribe } from '../async/emitter.ts';
import { closedError } from '../error.ts';
import type { SessionStatus, SyncEvents } from '../events.ts';
import { type Device, devicesOf } from '../group/device.ts';
import { readGroupId } from '../group/group-id.ts';
import { type Completeness, readCompleteness } from '../inbound/completeness.ts';
import { type Message, type MessagesOptions, type PullOptions, toMessage } from '../inbound/message.ts';
import { MessageStream } from '../inbound/message-stream.ts';
import { draftMessage, type PushOptions } from '../outbound/draft.ts';
import type { Outbox } from '../outbound/outbox.ts';
import { Queue } from '../outbound/queue.ts';
import type { PushReceipt } from '../outbound/receipt.ts';
import { parseRelay } from '../relay/relay-address.ts';
import { RelayPins, type TofuMode } from '../relay/relay-pins.ts';
import type { ActiveGroup } from './active-group.ts';
import { GroupSlot, type Named } from './group-slot.ts';
import type { PairOptions } from './inviter.ts';
import { type OpenedData, openData } from './open-data.ts';
import { type ResolvedOptions, resolveOptions, type SyncSessionOptions } from './options.ts';
import { Pairing } from './pairing.ts';
import { describeConnection, describePin, describeStatus, type RelayConnection, type TrustedRelay } from './status.ts';

/**
 * A device's session with its group: push, pull, live messages and pairing. It outlives connections: it dials again
 * after each loss until it is closed. Rejections and throws are SyncErrors.
 */
export class SyncSession {
  /** The messages that no relay has acknowledged yet. */
  readonly queue: Queue;
  readonly #options: ResolvedOptions;
  readonly #events = new Emitter<SyncEvents>();
  readonly #pins: RelayPins;
  readonly #outbox: Outbox;
  readonly #stream: MessageStream;
  readonly #slot: GroupSlot;
  readonly #pairing: Pairing;
  #closed: Promise<void> | undefined;

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
    const resolved = resolveOptions(options);
    try {
      resolved.signal?.throwIfAborted();
      const named = { groupId: groupId === undefined ? undefined : readGroupId(groupId), relays };
      return new SyncSession(resolved, named, await openData(resolved.store, named.groupId));
    } catch (error) {
      await resolved.store.close();
      throw error;
    }
  }

  /** Use `SyncSession.new`. */
  private constructor(options: ResolvedOptions, named: Named, { snapshot, outbox }: OpenedData) {
    const { store, signal } = options;
    const events = this.#events;
    const pins = new RelayPins(snapshot.pins, options.tofuMode);
    this.#options = options;
    this.#outbox = outbox;
    this.#pins = pins;
    const nameOf = (sender: Uint8Array) => this.#slot.nameOf(sender);
    this.#stream = new MessageStream({ store, events, nameOf }, snapshot.consumed);
    this.queue = new Queue({
      store,
      outbox,
      exclusive: (work) => this.#active().serial.run(work),
      deviceKey: () => this.#active().membership.deviceKey,
      changed: () => this.#wake(),
    });
    for (const { pin } of named.relays.map(parseRelay)) if (pin !== undefined) pins.adoptPin(pin);
    const statusChanged = () => this.#statusChanged();
    this.#slot = new GroupSlot({ ...options, events, pins, outbox, statusChanged }, named, snapshot);
    const assertOpen = () => this.#assertOpen();
    this.#pairing = new Pairing({ options, events, pins, slot: this.#slot, assertOpen });
    signal?.addEventListener('abort', () => void this.close(), { once: true });
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
  get status(): SessionStatus {
    return describeStatus(this.#slot.current, this.#outbox);
  }

  /** The handshake that this session uses. CL-35. */
  get mode(): 'hybrid' | 'classical' {
    return this.#options.mode;
  }

  /**
   * Decides what happens when a relay shows other keys than the pinned ones; takes effect with the next connection.
   * CL-31.
   */
  get tofuMode(): TofuMode {
    return this.#pins.mode;
  }

  set tofuMode(mode: TofuMode) {
    this.#pins.mode = mode;
  }

  /** Calls `listener` at every event of that name. The returned function removes the listener. */
  on<Name extends keyof SyncEvents>(name: Name, listener: (event: SyncEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  /**
   * Resolves with the connection to the relay as the handshake has proven it; retries at once if a retry was due later.
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `not-paired`, `closed`
   */
  async connect(): Promise<RelayConnection> {
    return describeConnection(await this.#active().anchor.connect());
  }

  /**
   * Leaves the present connection without waiting for an answer and makes a new one: for a device that has woken up or
   * changed its network. Resolves and throws as `connect()`. CL-39.
   */
  async reconnect(): Promise<RelayConnection> {
    return describeConnection(await this.#active().anchor.reconnect());
  }

  /**
   * Queues a message durably and sends it as soon as a relay can be reached. CL-20.
   *
   * @param content text or bytes, at most CONTENT_BYTES_MAX bytes
   * @throws SyncError kind `not-paired`, `argument` (too large, unreadable id), `store` (full or failed), `closed`
   */
  async push(content: string | Uint8Array, options: PushOptions = {}): Promise<PushReceipt> {
    const { random, clock } = this.#options;
    const { membership, anchor } = this.#active();
    const draft = draftMessage(random, clock.now(), content, options);
    if (options.id !== undefined) {
      const earlier = await this.#outbox.findReceipt(draft.id, membership.deviceKey, anchor.relay.address);
      if (earlier !== undefined) return earlier;
    }
    const receipt = await this.#outbox.addEntry(draft);
    this.#wake();
    return receipt;
  }

  /**
   * Reads everything that the relay has, then resolves with the messages above a cursor of that relay, in its order,
   * this device's own included.
   *
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `not-paired`, `closed`
   */
  async pull(afterCursor = 0, { limit, signal }: PullOptions = {}): Promise<Message[]> {
    const { anchor, intake } = this.#active();
    const { key } = await abortable(anchor.pull(), signal);
    await abortable(intake.settled(), signal);
    const entries = await this.#options.store.placed(key, afterCursor, limit ?? Number.MAX_SAFE_INTEGER);
    return entries.map((entry) => toMessage(entry, this.#slot.nameOf(entry.sender)));
  }

  /** Tells what this device lacks of the group's messages, as far as it is known. CL-14. @throws SyncError kind `closed` */
  completeness(): Promise<Completeness> {
    this.#assertOpen();
    return readCompleteness(this.#options.store);
  }

  /**
   * Messages from other members, each delivered once, even across restarts. A message is marked read when you request
   * the next. The loop ends when the session closes or `signal` aborts.
   *
   * @throws SyncError kind `not-paired`, `closed`, `argument` while another loop is reading
   */
  messages({ signal, live = true }: MessagesOptions = {}): AsyncGenerator<Message, void, undefined> {
    const { links } = this.#active();
    if (live) for (const link of links) link.subscribe();
    return this.#stream.read(signal);
  }

  /**
   * Lists the devices of the group; asks the relay first if it is connected. @throws SyncError kind `not-paired`,
   * `closed`
   */
  async devices(): Promise<readonly Device[]> {
    const { anchor, membership } = this.#active();
    if (anchor.status.state === 'connected') await anchor.listDevices();
    return devicesOf(membership);
  }

  /**
   * Resolves with an invite for one more device, which is a secret text, and creates the group first if there is none.
   * When the relay cannot be reached or refuses, the group stays; call `pair()` again. PA-13.
   *
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `argument`, `store`, `closed`
   */
  pair(options: PairOptions = {}): Promise<string> {
    return this.#pairing.create(options);
  }

  /**
   * Cancels an invite of this group by its text, so that nobody can join with it. PA-24.
   *
   * @throws SyncError kind `invite` when it is unreadable, used, expired, cancelled or of another group; `unreachable`,
   *   `refused`, `protocol`, `identity`, `not-paired`, `closed`
   */
  cancelInvite(invite: string): Promise<void> {
    return this.#pairing.cancel(invite);
  }

  /**
   * Joins the group of an invite. After a wrong passphrase, a lost connection or a crash, call it again, also in a new
   * session over the same store. PA-20.
   *
   * @throws SyncError kind `invite`, `already-paired`, `unreachable`, `refused`, `protocol`, `identity`, `store`, `closed`
   */
  pairJoin(invite: string, { passphrase }: { readonly passphrase?: string } = {}): Promise<void> {
    return this.#pairing.join(invite, passphrase);
  }

  /** The pinned keys of every relay that this device knows. */
  get trustedRelays(): readonly TrustedRelay[] {
    return this.#pins.listPins().map(describePin);
  }

  /**
   * Trusts other keys of a relay from the next connection on. `<nodeid>[.<kem hash>]@host:port` pins exactly these keys;
   * `host:port` forgets the old keys, so that the next session pins those that the relay then shows. CL-32.
   *
   * @throws SyncError kind `argument` for an unreadable relay, `store`, `closed`
   */
  async trustRelay(relay: string): Promise<void> {
    this.#assertOpen();
    const { address, pin } = parseRelay(relay);
    await this.#options.store.commit(this.#pins.replacePin(pin ?? { address, fixed: false }));
    for (const link of this.#slot.current?.links ?? []) link.retry();
  }

  /** Says goodbye to the relays and closes the store. Queued messages stay queued. Calling it again does nothing. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const group = this.#slot.current;
    this.#stream.close();
    await group?.close();
    this.#outbox.receipts.close();
    await group?.serial.run(async () => {});
    await this.#options.store.close();
  }

  #wake(): void {
    this.#slot.current?.wake();
    this.#statusChanged();
  }

  #statusChanged(): void {
    if (this.#events.has('status')) this.#events.emit('status', this.status);
  }

  #active(): ActiveGroup {
    this.#assertOpen();
    return this.#slot.active;
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }
}
