import type { GroupQuotas } from '../messages/messages.ts';
import type { DeviceRow, GroupRow } from '../port.ts';
import { Holes } from './holes.ts';
import type { GroupRecord, Statements } from './statements.ts';
import { Usage } from './usage.ts';

/** A group's counters as of this transaction. */
export interface GroupState {
  readonly row: GroupRow;
  /** First 4 bytes of the group id in hexadecimal, for the audit log. */
  readonly prefix: string;
  readonly epoch: number;
  /** The name of the address that created it, in hexadecimal; undefined for a group from before such names. RL-81. */
  readonly creator: string | undefined;
  head: number;
  floor: number;
  bytes: number;
  envelopes: number;
  receivedAtMs: number;
  devices: number;
  devicesVersion: number;
}

/** The place of a sender's highest envelope, which outlives it. RL-24. */
export interface SenderHead {
  readonly sequence: number;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** A device as a sender, as of this transaction. */
export interface DeviceState {
  readonly row: DeviceRow;
  readonly group: GroupRow;
  /** Undefined before the first envelope. */
  head: SenderHead | undefined;
  readonly holes: Holes;
}

const ENTRIES_MAX = 16_384;
/** Bytes of a group id that the audit log shows. */
export const PREFIX_BYTES = 4;

/**
 * A cache of groups' counters, senders' heads and holes between the tables and the decisions. Nobody else writes, so a row
 * that was read stays true, and each change is written once per transaction. A push costs the same in a large group.
 * RL-28, RL-31.
 */
export class Ledger {
  readonly #statements: Statements;
  readonly #groups = new Map<GroupRow, GroupState>();
  readonly #devices = new Map<DeviceRow, DeviceState>();
  readonly #changedGroups = new Set<GroupState>();
  readonly #changedDevices = new Set<DeviceState>();
  readonly #changedHoles = new Set<DeviceState>();

  /** The bytes by creator, and of all groups. */
  readonly usage: Usage;

  constructor(statements: Statements, quotas: GroupQuotas) {
    this.#statements = statements;
    this.usage = new Usage(statements, quotas);
  }

  group(row: GroupRow): GroupState | undefined {
    const known = this.#groups.get(row);
    if (known !== undefined) return known;
    const record = this.#statements.group.get(row);
    if (record === undefined) return undefined;
    const state = groupStateOf(record);
    this.#groups.set(row, state);
    return state;
  }

  device(row: DeviceRow): DeviceState | undefined {
    const known = this.#devices.get(row);
    if (known !== undefined) return known;
    const record = this.#statements.device.get(row);
    if (record === undefined) return undefined;
    const holes = new Holes(this.#statements.holes.all(row));
    const { id, group_row, head_sequence: sequence, head_hash: hash } = record;
    const state = { row: id, group: group_row, head: hash === null ? undefined : { sequence, hash }, holes };
    this.#devices.set(row, state);
    return state;
  }

  groupChanged(state: GroupState): void {
    this.#changedGroups.add(state);
  }

  deviceChanged(state: DeviceState): void {
    this.#changedDevices.add(state);
  }

  /** Changes what a group holds. Call `groupChanged`, too. RL-28, RL-81. */
  addBytes(state: GroupState, bytes: number): void {
    this.usage.add(state, bytes);
    state.bytes += bytes;
  }

  holesChanged(state: DeviceState): void {
    this.#changedHoles.add(state);
  }

  /** Writes the changes, as the last step of a transaction. */
  write(): void {
    for (const { row, head, floor, bytes, envelopes, receivedAtMs, devices, devicesVersion } of this.#changedGroups) {
      this.#statements.updateGroup.run(head, floor, bytes, envelopes, receivedAtMs, devices, devicesVersion, row);
    }
    for (const { row, head } of this.#changedDevices) {
      if (head !== undefined) this.#statements.updateHead.run(head.sequence, head.hash, row);
    }
    for (const { row, holes } of this.#changedHoles) {
      this.#statements.deleteHoles.run(row);
      for (const { first, last, previous } of holes) this.#statements.insertHole.run(row, first, last, previous);
    }
    this.#clearChanges();
  }

  /** Bounds the maps; called between transactions. */
  trim(): void {
    if (this.#groups.size > ENTRIES_MAX) this.#groups.clear();
    if (this.#devices.size > ENTRIES_MAX) this.#devices.clear();
    this.usage.trim();
  }

  /** Forgets everything read and changed; called after a rollback. */
  forget(): void {
    this.#groups.clear();
    this.#devices.clear();
    this.usage.forget();
    this.#clearChanges();
  }

  #clearChanges(): void {
    this.#changedGroups.clear();
    this.#changedDevices.clear();
    this.#changedHoles.clear();
  }
}

function groupStateOf(record: GroupRecord): GroupState {
  return {
    row: record.id,
    prefix: record.group_id.toString('hex', 0, PREFIX_BYTES),
    epoch: record.epoch,
    creator: record.creator?.toString('hex'),
    head: record.head,
    floor: record.floor,
    bytes: record.bytes,
    envelopes: record.envelopes,
    receivedAtMs: record.received_at_ms,
    devices: record.devices,
    devicesVersion: record.devices_version,
  };
}
