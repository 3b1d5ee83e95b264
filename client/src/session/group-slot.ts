import { equal } from '@0k-sync/core/bytes';
import { DEVICE_SEED_BYTES } from '@0k-sync/core/group';
import type { GroupState } from '@0k-sync/core/pairing';
import { notMemberError, notPairedError, otherGroupError } from '../group/group-id.ts';
import { createGroup, joinGroup, type Setup } from '../group/group-setup.ts';
import { Membership } from '../group/membership.ts';
import type { Snapshot } from '../store/port.ts';
import type { StoredPin } from '../store/types.ts';
import { ActiveGroup, type ActiveGroupDeps, relaysOf } from './active-group.ts';

/** The names that a session is opened with. */
export interface Named {
  /** The group's id, 32 bytes; undefined for whatever group the store has. */
  readonly groupId: Uint8Array | undefined;
  /** The relays in their text form (CL-34); empty for those of the group. */
  readonly relays: readonly string[];
}

/** Holds the group of a session: none until this device creates or joins one, then that one. */
export class GroupSlot {
  readonly #deps: ActiveGroupDeps;
  readonly #named: Named;
  #snapshot: Snapshot;
  #current: ActiveGroup | undefined;

  /** Starts the stored group, if there is one. */
  constructor(deps: ActiveGroupDeps, named: Named, snapshot: Snapshot) {
    this.#deps = deps;
    this.#named = named;
    this.#snapshot = snapshot;
    const { seed, group, members } = snapshot;
    if (seed !== undefined && group !== undefined) this.#start(new Membership(deps.crypto, seed, group, members));
  }

  get current(): ActiveGroup | undefined {
    return this.#current;
  }

  /** The group. @throws SyncError kind `not-paired` when there is none. */
  get active(): ActiveGroup {
    if (this.#current === undefined) throw notPairedError();
    return this.#current;
  }

  /** The name of a member by its key, 32 bytes; empty if it is unknown. */
  nameOf(deviceKey: Uint8Array): string {
    return this.#current?.membership.members.find((member) => equal(member.deviceKey, deviceKey))?.name ?? '';
  }

  /** Creates a group at the named relay. */
  async create(): Promise<ActiveGroup> {
    const { groupId, relays } = this.#named;
    if (groupId !== undefined) throw notMemberError(groupId);
    const addresses = relaysOf(relays, []).map(({ address }) => address);
    return await this.#enter(createGroup(this.#setupDeps(), addresses));
  }

  /** Resolves with the device seed, 32 bytes, once it is stored; draws one for a new device. GR-10, PA-20. */
  async storedSeed(): Promise<Uint8Array> {
    const { store, random } = this.#deps;
    const seed = this.#snapshot.seed ?? random(DEVICE_SEED_BYTES);
    if (this.#snapshot.seed === undefined) await store.commit([{ kind: 'identity', seed }]);
    this.#snapshot = { ...this.#snapshot, seed };
    return seed;
  }

  /** Joins the group of a Welcome, whose relay has this pin. */
  async join(state: GroupState, pin: StoredPin): Promise<ActiveGroup> {
    const { groupId } = this.#named;
    if (groupId !== undefined && !equal(groupId, state.groupId)) throw otherGroupError(state.groupId);
    const { membership, changes } = joinGroup(this.#setupDeps(), state);
    return await this.#enter({ membership, changes: [...changes, { kind: 'pin', pin }] });
  }

  /** Makes this device a member, durably, and connects. PA-20. */
  async #enter({ membership, changes }: Setup): Promise<ActiveGroup> {
    const { store, pins, outbox } = this.#deps;
    await store.commit(changes);
    this.#snapshot = await store.load();
    for (const pin of this.#snapshot.pins) pins.replacePin(pin);
    outbox.countAddition();
    return this.#start(membership);
  }

  #start(membership: Membership): ActiveGroup {
    const relays = relaysOf(this.#named.relays, membership.group.relays);
    this.#current = new ActiveGroup(this.#deps, membership, this.#snapshot, relays);
    this.#deps.events.on('acknowledged', this.#deps.statusChanged);
    return this.#current;
  }

  #setupDeps() {
    const { crypto, random, deviceName } = this.#deps;
    return { crypto, random, deviceName, seed: this.#snapshot.seed };
  }
}
