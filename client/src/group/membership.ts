import { equal, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { createMemberRecord, DeviceKeys, EpochKeys, type Member, verifyMember } from '@0k-sync/core/group';
import { DEVICES_MAX } from '@0k-sync/generated/limits';
import { MemberRecord } from '@0k-sync/generated/wire/group';
import type { Change } from '../store/port.ts';
import type { StoredChain, StoredGroup, StoredMember } from '../store/types.ts';

/** This device as a member of its group: its keys, the epochs' keys, and the members whose records it verified. */
export class Membership {
  readonly group: StoredGroup;
  readonly device: DeviceKeys;
  readonly #crypto: CryptoProvider;
  readonly #epochs = new Map<number, EpochKeys>();
  readonly #members = new Map<string, StoredMember>();
  readonly #records = new Map<string, Member>();

  /** `seed`: the device's, 32 bytes; it is not kept. */
  constructor(crypto: CryptoProvider, seed: Uint8Array, group: StoredGroup, members: readonly StoredMember[]) {
    this.#crypto = crypto;
    this.group = group;
    this.device = new DeviceKeys(crypto, seed, group.groupId);
    for (const { epoch, secret } of group.epochSecrets) {
      this.#epochs.set(epoch, new EpochKeys(crypto, secret.slice(), epoch, group.groupId));
    }
    for (const member of members) this.#take(member);
  }

  get groupId(): Uint8Array {
    return this.group.groupId;
  }

  /** This device's key in the group, 32 bytes. */
  get deviceKey(): Uint8Array {
    return this.device.deviceKey;
  }

  /** The newest epoch: what is sealed now is sealed under it. */
  get epoch(): EpochKeys {
    return [...this.#epochs.values()].reduce((newest, keys) => (keys.epoch > newest.epoch ? keys : newest));
  }

  get epochs(): readonly EpochKeys[] {
    return [...this.#epochs.values()].sort((a, b) => a.epoch - b.epoch);
  }

  epochKeys(epoch: number): EpochKeys | undefined {
    return this.#epochs.get(epoch);
  }

  get members(): readonly StoredMember[] {
    return [...this.#members.values()];
  }

  /** Verified records, for a Welcome. */
  get records(): readonly Member[] {
    return [...this.#records.values()];
  }

  /** Whether a verified record names this device. EN-07. */
  isMember(deviceKey: Uint8Array): boolean {
    return this.#members.has(toHex(deviceKey));
  }

  isOwn(deviceKey: Uint8Array): boolean {
    return equal(deviceKey, this.deviceKey);
  }

  /** What a Welcome told of a sender. */
  witness(deviceKey: Uint8Array): StoredChain | undefined {
    return this.group.heads.find((head) => equal(head.sender, deviceKey));
  }

  /** This device's own record, made anew: signatures over the same body. PA-21. */
  ownRecord(): MemberRecord {
    const genesis = this.#epochs.get(0);
    if (genesis === undefined) throw new TypeError('a group has an epoch 0');
    return createMemberRecord(this.device, genesis);
  }

  /** auth_pub_0, 32 bytes. */
  get genesisKey(): Uint8Array {
    return this.#epochs.get(0)?.authKey ?? new Uint8Array();
  }

  /** Those of a relay's records that verify and are new here, as what to store. GR-14, GR-15. */
  verify(records: readonly MemberRecord[]): StoredMember[] {
    const authKeyOf = (epoch: number) => this.#epochs.get(epoch)?.authKey;
    const members: StoredMember[] = [];
    for (const record of records) {
      const member = verifyMember(this.#crypto, record, this.groupId, authKeyOf);
      if (member === undefined || this.isMember(member.deviceKey)) continue;
      if (this.#members.size + members.length >= DEVICES_MAX) break;
      members.push({ deviceKey: member.deviceKey.slice(), record: MemberRecord.encode(record).finish(), name: '' });
    }
    return members;
  }

  /** Takes members over after they were stored. */
  learn(members: readonly StoredMember[]): void {
    for (const member of members) this.#take(member);
  }

  /** The change that gives a member its name; nothing when it has it already. */
  rename(deviceKey: Uint8Array, name: string): { readonly member: StoredMember; readonly change: Change } | undefined {
    const known = this.#members.get(toHex(deviceKey));
    if (known === undefined || known.name === name) return undefined;
    const member = { ...known, name };
    return { member, change: { kind: 'member', member } };
  }

  /** GR-11. */
  wipe(): void {
    this.device.wipe();
    for (const keys of this.#epochs.values()) keys.wipe();
  }

  #take(member: StoredMember): void {
    this.#members.set(toHex(member.deviceKey), member);
    const authKeyOf = (epoch: number) => this.#epochs.get(epoch)?.authKey;
    const verified = verifyMember(this.#crypto, MemberRecord.decode(member.record), this.groupId, authKeyOf);
    if (verified !== undefined) this.#records.set(toHex(member.deviceKey), verified);
  }
}
