import { wipe, zBase32 } from '@0k-sync/core/bytes';
import { DEVICE_SEED_BYTES } from '@0k-sync/core/group';
import { checkListener, checkOptions, checkSignal, checkText, checkTexts } from '../arguments.ts';
import { Emitter, type Unsubscribe } from '../async/emitter.ts';
import { closedError } from '../error.ts';
import { readGroupId, sameGroupError } from '../group/group-id.ts';
import type { AppTables } from '../log/app-tables.ts';
import { noTablesError } from '../log/processing.ts';
import { relaysOf } from '../session/active-group.ts';
import { GroupSlot } from '../session/group-slot.ts';
import { checkJoin, type JoinOptions } from '../session/joiner.ts';
import { Pairing } from '../session/pairing.ts';
import type { DeviceStore } from '../store/port.ts';
import type { ResolvedDeviceOptions } from './device-options.ts';
import { type CallOptions, Group } from './group.ts';

/** Options of `createGroup()`. */
export interface CreateGroupOptions extends CallOptions {
  /** The relay of the group, `[<nodeid>[.<kem hash>]@]host[:port]`, at most one; none makes the group local-only. CL-34. */
  readonly relays?: readonly string[];
  /** The token for a relay that creates groups by token only; sent only if the relay is named with its key. CL-69. */
  readonly accessToken?: string;
}

/** The events of a device, by name. */
export interface DeviceEvents {
  /** A group was created, joined, closed or forgotten. */
  groups: readonly Group[];
}

/** A group that is open, with the number of its slot. */
interface OpenGroup {
  readonly group: Group;
  readonly slot: GroupSlot;
  readonly number: number;
}

/** Enters a group with an opened slot. */
type Entering = (slot: GroupSlot, pairing: Pairing) => Promise<unknown>;

/**
 * This device with all its groups, in one store. Each group has keys and a connection of its own, so that no relay can
 * link two of them. Rejections and throws are SyncErrors, a TypeError for an argument of a wrong type, or the reason of a
 * signal.
 */
export class Device {
  readonly #options: ResolvedDeviceOptions;
  readonly #store: DeviceStore;
  readonly #events = new Emitter<DeviceEvents>();
  readonly #closing = new AbortController();
  /** Ids of the groups that are open or being joined, z-base-32. */
  readonly #taken = new Set<string>();
  #open: readonly OpenGroup[] = [];
  #groups: readonly Group[] = Object.freeze([]);
  /** The device's one seed, 32 bytes; every slot has a copy. GR-10. */
  #seed: Uint8Array | undefined;
  /** A slot without a group: it keeps the seed with which an invite was claimed. PA-20. */
  #spare: number | undefined;
  /** The calls that enter a group now. */
  readonly #entering = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** Opens every group of a store. Use `openDevice`. */
  static async open(options: ResolvedDeviceOptions): Promise<Device> {
    const device = new Device(options);
    try {
      for (const number of await options.store.slots()) await device.#openStored(number);
      return device;
    } catch (error) {
      await device.close();
      throw error;
    }
  }

  private constructor(options: ResolvedDeviceOptions) {
    this.#options = options;
    this.#store = options.store;
    options.signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  /** The name that the members of its groups see. */
  get name(): string {
    return this.#options.deviceName;
  }

  /**
   * The app's own tables, which `group.log.process` writes to.
   *
   * @throws SyncError kind `argument` when the device was opened without them
   */
  get tables(): AppTables {
    const { tables } = this.#options;
    if (tables === undefined) throw noTablesError();
    return tables;
  }

  /** The open groups: a frozen array, which is another array only when there are others. */
  get groups(): readonly Group[] {
    return this.#groups;
  }

  /** The open group with this id, in z-base-32 (52 characters) or hexadecimal (64 digits); undefined if there is none. */
  group(id: string): Group | undefined {
    checkText('id', id);
    return this.#find(id)?.group;
  }

  /** Calls `listener` at every event of that name, until the returned function is called. */
  on<Name extends keyof DeviceEvents>(name: Name, listener: (event: DeviceEvents[Name]) => void): Unsubscribe {
    checkText('name', name);
    checkListener('listener', listener);
    return this.#events.on(name, listener);
  }

  /**
   * Creates a group with this device as its only member. Resolves when it is stored, which needs no network; a rejected
   * call leaves nothing.
   *
   * @throws SyncError kind `argument` for an unreadable relay, more than one, or a name that is too long; `store`, `closed`
   */
  async createGroup(options: CreateGroupOptions = {}): Promise<Group> {
    checkOptions(options);
    const { relays = [], accessToken = this.#options.accessToken, signal } = options;
    checkText('accessToken', accessToken);
    checkSignal(signal);
    checkTexts('relays', relays);
    const addresses = relaysOf(relays, []);
    return await this.#enter(accessToken, (slot) => slot.create(addresses));
  }

  /**
   * Joins the group of an invite. After a wrong passphrase, a lost connection or a crash, call it again, also in a new
   * process; a rejected call leaves the device in no other group than before. PA-20.
   *
   * @throws SyncError kind `invite`, `already-paired`, `unreachable`, `refused`, `protocol`, `identity`, `store`, `closed`
   */
  async join(invite: string, options: JoinOptions = {}): Promise<Group> {
    checkJoin(invite, options);
    const { signal } = options;
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
    return await this.#enter(this.#options.accessToken, (_, pairing) =>
      pairing.join(invite, { ...options, signal: ends }),
    );
  }

  /**
   * Removes a group with its messages and keys from this device, for good. Its members are not told. Does nothing if the
   * device is in no such group.
   *
   * @throws SyncError kind `store`, `closed`
   */
  async forgetGroup(id: string): Promise<void> {
    checkText('id', id);
    this.#assertOpen();
    const found = this.#find(id);
    if (found === undefined) return;
    await found.slot.close();
    await this.#store.removeSlot(found.number);
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
    this.#closing.abort(closedError());
    await Promise.allSettled(this.#entering);
    await Promise.all(this.#open.map(({ slot }) => slot.close()));
    await this.#options.tables?.close();
    await this.#store.close();
    if (this.#seed !== undefined) wipe(this.#seed);
  }

  async #enter(accessToken: string, work: Entering): Promise<Group> {
    this.#assertOpen();
    const entering = this.#enterWith(accessToken, work);
    this.#entering.add(entering);
    return await entering.finally(() => this.#entering.delete(entering));
  }

  /** Runs the work on a slot without a group; keeps the slot if that gives it one, and otherwise gives it back. */
  async #enterWith(accessToken: string, work: Entering): Promise<Group> {
    const spare = this.#spare;
    this.#spare = undefined;
    const number = spare ?? (await this.#store.createSlot());
    let taken: string | undefined;
    const takeGroup = (groupId: Uint8Array) => {
      if (this.#taken.has(zBase32(groupId))) throw sameGroupError(groupId);
      taken = zBase32(groupId);
      this.#taken.add(taken);
    };
    const slot = await this.#openSlot(number, accessToken, takeGroup);
    const pairing = new Pairing(slot);
    try {
      await work(slot, pairing);
    } catch (error) {
      if (taken !== undefined) this.#taken.delete(taken);
      await this.#giveBack(number, slot);
      throw error;
    }
    return this.#add({ group: new Group(slot, pairing, this.#options.tables), slot, number });
  }

  /** Closes a slot whose group did not come about. One such slot is kept, because an invite may be claimed with its seed. */
  async #giveBack(number: number, slot: GroupSlot): Promise<void> {
    await slot.close();
    if (this.#closed !== undefined) return;
    if (this.#spare === undefined && slot.current === undefined) this.#spare = number;
    else await this.#store.removeSlot(number);
  }

  async #openStored(number: number): Promise<void> {
    const slot = await this.#openSlot(number, this.#options.accessToken);
    if (slot.current !== undefined)
      this.#add({ group: new Group(slot, new Pairing(slot), this.#options.tables), slot, number });
    else if (this.#spare === undefined) this.#spare = number;
    else await this.#store.removeSlot(number);
  }

  async #openSlot(number: number, accessToken: string, takeGroup?: (groupId: Uint8Array) => void): Promise<GroupSlot> {
    const { signal: _, ...options } = this.#options;
    const slot = await GroupSlot.open({
      ...options,
      store: this.#store.slot(number),
      links: 'lazy',
      relays: [],
      accessToken,
      newSeed: () => this.#newSeed(),
      onClose: () => this.#remove(number),
      ...(takeGroup && { takeGroup }),
    });
    this.#seed ??= slot.seed?.slice();
    return slot;
  }

  #newSeed(): Uint8Array {
    this.#seed ??= this.#options.random(DEVICE_SEED_BYTES);
    return this.#seed.slice();
  }

  #add(open: OpenGroup): Group {
    this.#taken.add(open.group.id);
    this.#show([...this.#open, open]);
    return open.group;
  }

  #remove(number: number): void {
    const removed = this.#open.find((each) => each.number === number);
    if (removed === undefined) return;
    this.#taken.delete(removed.group.id);
    this.#show(this.#open.filter((each) => each !== removed));
  }

  #show(open: readonly OpenGroup[]): void {
    this.#open = open;
    this.#groups = Object.freeze(open.map(({ group }) => group));
    this.#events.emit('groups', this.#groups);
  }

  #find(id: string): OpenGroup | undefined {
    const wanted = zBase32(readGroupId(id));
    return this.#open.find(({ group }) => group.id === wanted);
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }
}
