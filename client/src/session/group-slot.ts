import { equal } from '@0k-sync/core/bytes';
import type { GroupState as WelcomedState } from '@0k-sync/core/pairing';
import { Emitter } from '../async/emitter.ts';
import { closedError, SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import { notPairedError, otherGroupError } from '../group/group-id.ts';
import { createGroup, joinGroup, type Setup } from '../group/group-setup.ts';
import { Membership } from '../group/membership.ts';
import { MessageStream } from '../inbound/message-stream.ts';
import { Outbox } from '../outbound/outbox.ts';
import { parseRelay, type RelayAddress } from '../relay/relay-address.ts';
import { RelayPins } from '../relay/relay-pins.ts';
import type { Change, Snapshot } from '../store/port.ts';
import type { StoredPin } from '../store/types.ts';
import { ActiveGroup, relaysOf } from './active-group.ts';
import { GroupStateSource } from './group-state.ts';
import type { ResolvedOptions } from './options.ts';
import type { RelayLinkDeps } from './relay-link.ts';
import { describeState } from './status.ts';

/** Settings of GroupSlot. */
export interface GroupSlotConfig extends ResolvedOptions {
  readonly links: RelayLinkDeps['links'];
  /** The group's id, 32 bytes; undefined for whatever group the store has. */
  readonly groupId?: Uint8Array | undefined;
  /** The relays in their text form (CL-34); empty for those of the group. */
  readonly relays: readonly string[];
  /** Gives the device seed, 32 bytes, for a store that has none. GR-10. */
  readonly newSeed: () => Uint8Array;
  /** Takes the group with this id for this slot. @throws SyncError kind `already-paired` when another slot has it */
  readonly takeGroup?: (groupId: Uint8Array) => void;
  /** Told when the slot is closed. */
  readonly onClose?: () => void;
}

/** Holds the group of one store, opened: none until this device creates or joins one, then that one. */
export class GroupSlot {
  readonly events = new Emitter<SyncEvents>();
  readonly state: GroupStateSource;
  readonly pins: RelayPins;
  readonly outbox: Outbox;
  readonly stream: MessageStream;
  readonly config: GroupSlotConfig;
  readonly #closing = new AbortController();
  #snapshot: Snapshot;
  #current: ActiveGroup | undefined;
  #closed: Promise<void> | undefined;

  /**
   * Opens a store, and starts its group if it has one.
   * @throws SyncError kind `already-paired` when it has another group than the named one
   */
  static async open(config: GroupSlotConfig): Promise<GroupSlot> {
    const { store, groupId } = config;
    const snapshot = await store.load();
    const stored = snapshot.group?.groupId;
    if (groupId !== undefined && stored !== undefined && !equal(groupId, stored)) throw otherGroupError(stored);
    return new GroupSlot(config, snapshot, await Outbox.open(store, snapshot.outboxCount));
  }

  private constructor(config: GroupSlotConfig, snapshot: Snapshot, outbox: Outbox) {
    const { store, events } = { ...config, events: this.events };
    this.config = config;
    this.outbox = outbox;
    this.#snapshot = snapshot;
    this.pins = new RelayPins(snapshot.pins, config.tofuMode);
    for (const { pin } of config.relays.map(parseRelay)) if (pin !== undefined) this.pins.adoptPin(pin);
    this.state = new GroupStateSource(() => describeState(this.#current, outbox));
    events.on('acknowledged', this.changed);
    const nameOf = (sender: Uint8Array) => this.nameOf(sender);
    const deadEnd = () => this.#current?.deadEnd;
    const listen = () => this.active.listen();
    const onChange = (listener: () => void) => this.state.subscribe(listener);
    this.stream = new MessageStream({ store, events, nameOf, listen, deadEnd, onChange }, snapshot.consumed);
    const { seed, group, members } = snapshot;
    if (seed !== undefined && group !== undefined) this.#start(new Membership(config.crypto, seed, group, members));
  }

  /** The stored device seed, 32 bytes; undefined in a new slot. GR-10. */
  get seed(): Uint8Array | undefined {
    return this.#snapshot.seed;
  }

  /** The highest position that the store had given when it was read. */
  get head(): number {
    return this.#snapshot.head;
  }

  /** Aborts when the slot is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  get current(): ActiveGroup | undefined {
    return this.#current;
  }

  /** The group. @throws SyncError kind `closed`; kind `not-paired` when there is none */
  get active(): ActiveGroup {
    this.assertOpen();
    if (this.#current === undefined) throw notPairedError();
    return this.#current;
  }

  /** @throws SyncError kind `closed` once the slot is closed */
  assertOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }

  /** Tells that the state may have changed. */
  readonly changed = (): void => this.state.changed();

  /** The name of a member by its key, 32 bytes; empty if it is unknown. */
  nameOf(deviceKey: Uint8Array): string {
    return this.#current?.membership.memberOf(deviceKey)?.name ?? '';
  }

  /** Creates a group with these relays; with none it is local-only. */
  async create(relays: readonly RelayAddress[]): Promise<ActiveGroup> {
    const addresses = relays.map(({ address }) => address);
    const { membership, changes } = createGroup(this.#setupDeps(), addresses);
    return await this.#enter({ membership, changes: [...changes, ...pinChanges(relays)] });
  }

  /** Gives a local-only group its relay, durably, and opens a link to it. */
  async addRelay(relay: RelayAddress, accessToken: string): Promise<void> {
    const { membership } = this.active;
    const [present] = membership.group.relays;
    if (present !== undefined) throw hasRelayError(present);
    const group = { ...membership.group, relays: [relay.address] };
    await this.config.store.commit([{ kind: 'group', group }, ...pinChanges([relay])]);
    if (relay.pin !== undefined) this.pins.replacePin(relay.pin);
    membership.group = group;
    this.active.addLink(relay, accessToken);
    this.changed();
  }

  /** Uses another relay until the slot is closed. */
  async useRelay(relay: RelayAddress, accessToken: string): Promise<void> {
    const { active } = this;
    if (relay.pin !== undefined) this.pins.adoptPin(relay.pin);
    await active.replaceLinks(relay, accessToken);
    this.changed();
  }

  /** Resolves with the device seed, 32 bytes, once it is stored; draws one for a new device. GR-10, PA-20. */
  async storedSeed(): Promise<Uint8Array> {
    const { store, newSeed } = this.config;
    const seed = this.#snapshot.seed ?? newSeed();
    if (this.#snapshot.seed === undefined) await store.commit([{ kind: 'identity', seed }]);
    this.#snapshot = { ...this.#snapshot, seed };
    return seed;
  }

  /** Joins the group of a Welcome, whose relay has this pin. */
  async join(state: WelcomedState, pin: StoredPin): Promise<ActiveGroup> {
    const { groupId, takeGroup } = this.config;
    if (groupId !== undefined && !equal(groupId, state.groupId)) throw otherGroupError(state.groupId);
    takeGroup?.(state.groupId);
    const { membership, changes } = joinGroup(this.#setupDeps(), state);
    return await this.#enter({ membership, changes: [...changes, { kind: 'pin', pin }] });
  }

  /** Says goodbye to the relays and closes the store. Queued messages stay queued. Calling it again does nothing. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const group = this.#current;
    this.config.onClose?.();
    this.#closing.abort(closedError());
    await this.stream.close();
    await group?.close();
    this.outbox.receipts.close();
    await group?.serial.run(async () => {});
    await this.config.store.close();
  }

  /** Makes this device a member, durably, and connects. PA-20. */
  async #enter({ membership, changes }: Setup): Promise<ActiveGroup> {
    const { store } = this.config;
    await store.commit(changes);
    this.#snapshot = await store.load();
    for (const pin of this.#snapshot.pins) this.pins.replacePin(pin);
    this.outbox.countAddition();
    return this.#start(membership);
  }

  #start(membership: Membership): ActiveGroup {
    const { config, events, pins, outbox } = this;
    const relays = relaysOf(config.relays, membership.group.relays);
    const deps = { ...config, events, pins, outbox, statusChanged: this.changed };
    this.#current = new ActiveGroup(deps, membership, this.#snapshot, relays);
    return this.#current;
  }

  #setupDeps() {
    const { crypto, random, deviceName, newSeed } = this.config;
    return { crypto, random, deviceName, newSeed, seed: this.#snapshot.seed };
  }
}

/** The changes that store the keys which relays are named with. CL-32. */
function pinChanges(relays: readonly RelayAddress[]): readonly Change[] {
  return relays.flatMap(({ pin }) => (pin === undefined ? [] : [{ kind: 'pin', pin } as const]));
}

function hasRelayError(relay: string): SyncError {
  return new SyncError('argument', `This group has the relay ${relay} already.`, {
    hint: 'A group has one relay; create another group for another relay.',
  });
}
