import { equal, toHex, zBase32 } from '@0k-sync/core/bytes';
import { abortable } from '../async/abortable.ts';
import { Emitter, type Unsubscribe } from '../async/emitter.ts';
import { Serial } from '../async/serial.ts';
import { closedError } from '../error.ts';
import type { SessionStatus, SyncEvents } from '../events.ts';
import { type Device, devicesOf } from '../group/device.ts';
import { notHere, notPaired, otherGroup, readGroupId } from '../group/group-id.ts';
import { createGroup, joinGroup, type Setup } from '../group/group-setup.ts';
import { Membership } from '../group/membership.ts';
import { type Message, type MessagesOptions, type PullOptions, toMessage } from '../inbound/message.ts';
import { MessageStream } from '../inbound/message-stream.ts';
import { draftMessage, type PushOptions } from '../outbound/draft.ts';
import { Outbox } from '../outbound/outbox.ts';
import { Queue } from '../outbound/queue.ts';
import type { PushReceipt } from '../outbound/receipt.ts';
import { parseRelay } from '../relay/relay-address.ts';
import { type TofuMode, TrustStore } from '../relay/trust.ts';
import type { Snapshot } from '../store/port.ts';
import { ActiveGroup, relaysOf } from './active-group.ts';
import { type ResolvedOptions, resolveOptions, type SyncSessionOptions } from './options.ts';
import { inviteDevice, Joiner, type PairOptions } from './pairing.ts';
import { describeConnection, describeStatus, type RelayConnection, type TrustedRelay, trustedRelay } from './status.ts';

/** A device's session with its group: push, pull, live messages, pairing. Errors are SyncErrors. */
export class SyncSession {
  /** What waits to be sent. */
  readonly queue: Queue;
  readonly #options: ResolvedOptions;
  readonly #relays: readonly string[];
  readonly #wantedGroup: Uint8Array | undefined;
  readonly #events = new Emitter<SyncEvents>();
  readonly #trust: TrustStore;
  readonly #outbox: Outbox;
  readonly #stream: MessageStream;
  readonly #joiner: Joiner;
  readonly #pairing = new Serial();
  #snapshot: Snapshot;
  #group: ActiveGroup | undefined;
  #closed: Promise<void> | undefined;

  /**
   * Opens this device's data and, when it is in a group, connects in the background.
   *
   * @param groupId z-base-32, hexadecimal or bytes; undefined: whatever group the store has, or a new one by `pair()`
   * @param relays the relay to use, `[<nodeid>[.<kem hash>]@]host[:port]`; empty: that of the group
   * @throws SyncError kind `argument` for an unreadable one, `store` for data that cannot be opened
   */
  static async new(
    groupId: string | Uint8Array | undefined,
    relays: readonly string[],
    options: SyncSessionOptions,
  ): Promise<SyncSession> {
    const resolved = resolveOptions(options);
    try {
      resolved.signal?.throwIfAborted();
      const wanted = groupId === undefined ? undefined : readGroupId(groupId);
      const snapshot = await resolved.store.load();
      const stored = snapshot.group?.groupId;
      if (wanted !== undefined && stored !== undefined && !equal(wanted, stored)) throw otherGroup(stored);
      const outbox = await Outbox.open(resolved.store, snapshot.outboxCount);
      return new SyncSession(resolved, relays, wanted, snapshot, outbox);
    } catch (error) {
      await resolved.store.close();
      throw error;
    }
  }

  /** Use `SyncSession.new`. */
  private constructor(
    options: ResolvedOptions,
    relays: readonly string[],
    wantedGroup: Uint8Array | undefined,
    snapshot: Snapshot,
    outbox: Outbox,
  ) {
    this.#options = options;
    this.#relays = relays;
    this.#wantedGroup = wantedGroup;
    this.#snapshot = snapshot;
    this.#outbox = outbox;
    this.#trust = new TrustStore(snapshot.pins, options.tofuMode);
    this.#joiner = new Joiner({ ...options, trust: this.#trust, events: this.#events });
    const nameOf = (sender: Uint8Array) => this.#nameOf(sender);
    this.#stream = new MessageStream({ store: options.store, events: this.#events, nameOf }, snapshot.consumed);
    this.queue = new Queue({
      store: options.store,
      outbox,
      exclusive: (work) => this.#active().serial.run(work),
      deviceKey: () => this.#active().membership.deviceKey,
      changed: () => this.#wake(),
    });
    for (const relay of relays.map(parseRelay)) if (relay.pin !== undefined) this.#trust.name(relay.pin);
    const { seed, group, members } = snapshot;
    if (seed !== undefined && group !== undefined) {
      this.#start(new Membership(options.crypto, seed, group, members));
    }
    options.signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  /** The group's id in z-base-32; undefined before `pair()` or `pairJoin()`. */
  get groupId(): string | undefined {
    return this.#group && zBase32(this.#group.membership.groupId);
  }

  /** This device's key in the group, z-base-32. */
  get device(): string | undefined {
    return this.#group && zBase32(this.#group.membership.deviceKey);
  }

  get status(): SessionStatus {
    return describeStatus(this.#group, this.#outbox.count);
  }

  get mode(): 'hybrid' | 'classical' {
    return this.#options.mode;
  }

  /** What to do from the next connection on when a relay's keys are not the known ones. CL-31. */
  get tofuMode(): TofuMode {
    return this.#trust.mode;
  }

  set tofuMode(mode: TofuMode) {
    this.#trust.mode = mode;
  }

  /** Calls back at every event of that name; the returned function ends it. */
  on<Name extends keyof SyncEvents>(name: Name, listener: (event: SyncEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  /**
   * Connects now, also where the relay would be tried again later only, and tells what the handshake has proven.
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `not-paired`
   */
  async connect(): Promise<RelayConnection> {
    const { session } = await this.#active().anchor.connected();
    return describeConnection(session);
  }

  /**
   * Queues a message durably; it is sent as soon as a relay can be reached.
   * @throws SyncError kind `not-paired`, `argument` (too large), `store` (full or failed)
   */
  async push(content: string | Uint8Array, options: PushOptions = {}): Promise<PushReceipt> {
    const { random, clock, store } = this.#options;
    const { membership } = this.#active();
    const draft = draftMessage(random, clock.now(), content, options);
    if (options.id !== undefined) {
      const id = toHex(draft.id);
      if ((await store.outboxEntry(draft.id)) !== undefined) return this.#outbox.receipts.receipt(id);
      const known = await store.entryByMessageId(membership.deviceKey, draft.id);
      const { address: relay } = this.#active().anchor.relay;
      if (known !== undefined) return { id, acknowledged: Promise.resolve({ relay, durable: true }) };
    }
    const receipt = await this.#outbox.add(draft);
    this.#wake();
    return receipt;
  }

  /**
   * Reads everything the relay has, and returns the messages above a cursor of that relay, own ones too, in its order.
   * @throws SyncError kind `unreachable`, `refused`, `protocol`, `identity`, `not-paired`
   */
  async pull(afterCursor = 0, { limit, signal }: PullOptions = {}): Promise<Message[]> {
    const { anchor, intake } = this.#active();
    const source = await abortable(anchor.pull(), signal);
    await abortable(intake.settled(), signal);
    const entries = await this.#options.store.placed(source.key, afterCursor, limit ?? Number.MAX_SAFE_INTEGER);
    return entries.map((entry) => toMessage(entry, this.#nameOf(entry.sender)));
  }

  /**
   * The messages of others as they come, each once over all sessions; one counts as read when the next is asked for.
   * Ends when the session closes or `signal` aborts. `live` false asks no relay for them: only `pull()` brings some.
   */
  messages({ signal, live = true }: MessagesOptions = {}): AsyncGenerator<Message, void, undefined> {
    const { links } = this.#active();
    if (live) for (const link of links) link.subscribe();
    return this.#stream.read(signal);
  }

  /** The members, after asking the relay where it can be reached. */
  async devices(): Promise<readonly Device[]> {
    const { anchor, membership } = this.#active();
    if (anchor.status.state === 'connected') await (await anchor.connected()).puller.listDevices();
    return devicesOf(membership);
  }

  /**
   * Makes an invite for one more device, a secret text; creates the group first when there is none.
   * @throws SyncError, kind `unreachable` and `refused` among them: the group stays, and `pair()` may be called again
   */
  pair(options: PairOptions = {}): Promise<string> {
    return this.#pairing.run(async () => {
      this.#assertOpen();
      if (this.#group === undefined) {
        if (this.#wantedGroup !== undefined) throw notHere(this.#wantedGroup);
        const addresses = relaysOf(this.#relays, []).map(({ address }) => address);
        await this.#enter(createGroup(this.#setupConfig(), addresses));
      }
      const { anchor, config } = this.#active();
      return await inviteDevice(config, await anchor.connected(), options);
    });
  }

  /**
   * Joins the group of an invite. A wrong passphrase may be corrected by calling it again in this session.
   * @throws SyncError kind `invite`, `already-paired`, and what connecting throws
   */
  pairJoin(invite: string, { passphrase }: { readonly passphrase?: string } = {}): Promise<void> {
    return this.#pairing.run(async () => {
      this.#assertOpen();
      if (this.#group !== undefined) throw otherGroup(this.#group.membership.groupId);
      await this.#joiner.join(invite, passphrase, async ({ state, pin }) => {
        if (this.#wantedGroup !== undefined && !equal(this.#wantedGroup, state.groupId))
          throw otherGroup(state.groupId);
        const { membership, changes } = joinGroup(this.#setupConfig(), state);
        await this.#enter({ membership, changes: [...changes, { kind: 'pin', pin }] });
      });
    });
  }

  /** What is known of relays' keys. */
  get trustedRelays(): readonly TrustedRelay[] {
    return this.#trust.pins().map(trustedRelay);
  }

  /**
   * Trusts a relay's new keys: `<nodeid>[.<kem hash>]@host:port` fixes them, `host:port` alone forgets the old ones, so
   * that the next session is a first use again. Takes effect with the next connection.
   */
  async trustRelay(relay: string): Promise<void> {
    this.#assertOpen();
    const { address, pin } = parseRelay(relay);
    await this.#options.store.commit(this.#trust.fix(pin ?? { address, fixed: false }));
  }

  /** Says goodbye, and closes the store. What is queued stays queued. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#stream.close();
    await this.#group?.close();
    this.#outbox.receipts.close();
    await this.#group?.serial.run(async () => {});
    await this.#options.store.close();
  }

  /** Makes a group this device's, durably, and connects. PA-20. */
  async #enter({ membership, changes }: Setup): Promise<void> {
    const { store } = this.#options;
    await store.commit(changes);
    this.#snapshot = await store.load();
    for (const pin of this.#snapshot.pins) this.#trust.fix(pin);
    this.#outbox.added();
    this.#start(membership);
  }

  #start(membership: Membership): void {
    const statusChanged = () => this.#statusChanged();
    const shared = { events: this.#events, trust: this.#trust, outbox: this.#outbox, statusChanged };
    const relays = relaysOf(this.#relays, membership.group.relays);
    this.#group = new ActiveGroup({ ...this.#options, ...shared }, membership, this.#snapshot, relays);
    this.#events.on('acknowledged', statusChanged);
  }

  #setupConfig() {
    const { crypto, random, deviceName } = this.#options;
    return { crypto, random, deviceName, seed: this.#snapshot.seed };
  }

  #wake(): void {
    this.#group?.wake();
    this.#statusChanged();
  }

  #statusChanged(): void {
    if (this.#events.has('status')) this.#events.emit('status', this.status);
  }

  #nameOf(sender: Uint8Array): string {
    return this.#group?.membership.members.find(({ deviceKey }) => equal(deviceKey, sender))?.name ?? '';
  }

  #active(): ActiveGroup {
    this.#assertOpen();
    if (this.#group === undefined) throw notPaired();
    return this.#group;
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }
}
