import { equal } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { createMemberRecord, DeviceKeys, EpochKeys, type Member, verifyMember } from '@0k-sync/core/group';
import { DEVICES_MAX } from '@0k-sync/generated/limits';
import { MemberRecord } from '@0k-sync/generated/wire/group';
import type { StoredGroup, StoredHead, StoredMember } from '../store/types.ts';
import { keyName } from './key-name.ts';

/** This device as a member of its group: its own keys, the keys of the epochs, and the verified members. */
export class Membership {
  /** The group as it is stored; replace it after another one was stored. */
  group: StoredGroup;
  readonly deviceKeys: DeviceKeys;
  readonly #crypto: CryptoProvider;
  readonly #epochs = new Map<number, EpochKeys>();
  readonly #members = new Map<string, StoredMember>();
  readonly #heads = new Map<string, StoredHead>();

  /**
   * @param seed the device's seed, 32 bytes; no copy is kept. GR-10.
   * @param members the stored members, whose records were verified when they were stored
   */
  constructor(crypto: CryptoProvider, seed: Uint8Array, group: StoredGroup, members: readonly StoredMember[]) {
    this.#crypto = crypto;
    this.group = group;
    this.deviceKeys = new DeviceKeys(crypto, seed, group.groupId);
    for (const { epoch, secret } of group.epochSecrets) {
      this.#epochs.set(epoch, new EpochKeys(crypto, secret.slice(), epoch, group.groupId));
    }
    for (const member of members) this.#add(member);
    for (const head of group.heads) this.setHead(head);
  }

  /** 32 bytes. GR-02. */
  get groupId(): Uint8Array {
    return this.group.groupId;
  }

  /** This device's key in the group, 32 bytes. */
  get deviceKey(): Uint8Array {
    return this.deviceKeys.deviceKey;
  }

  /** The keys of the newest epoch, under which messages are sealed now. */
  get epoch(): EpochKeys {
    return [...this.#epochs.values()].reduce((newest, keys) => (keys.epoch > newest.epoch ? keys : newest));
  }

  /** The keys of all known epochs, ascending. */
  get epochs(): readonly EpochKeys[] {
    return [...this.#epochs.values()].sort((a, b) => a.epoch - b.epoch);
  }

  /** The keys of one epoch; undefined if its secret is not known here. EN-09. */
  keysOfEpoch(epoch: number): EpochKeys | undefined {
    return this.#epochs.get(epoch);
  }

  /** Everybody with a verified record, this device too. */
  get members(): readonly StoredMember[] {
    return [...this.#members.values()];
  }

  /** The stored member records that verify, for a Welcome. */
  get records(): readonly Member[] {
    const authKeyOf = (epoch: number) => this.#epochs.get(epoch)?.authKey;
    return this.members.flatMap(({ record }) => {
      return verifyMember(this.#crypto, MemberRecord.decode(record), this.groupId, authKeyOf) ?? [];
    });
  }

  /** True when a verified record names this device key. EN-07. */
  isMember(deviceKey: Uint8Array): boolean {
    return this.#members.has(keyName(deviceKey));
  }

  /** True for this device's key. */
  isOwn(deviceKey: Uint8Array): boolean {
    return equal(deviceKey, this.deviceKey);
  }

  /** The heads of senders' chains that stubs prove. PA-12, CL-21. */
  get heads(): readonly StoredHead[] {
    return [...this.#heads.values()];
  }

  /** The head of a sender's chain that a stub proves; undefined if none does. PA-12. */
  headOf(deviceKey: Uint8Array): StoredHead | undefined {
    return this.#heads.get(keyName(deviceKey));
  }

  /** Replaces a sender's proven head; call it after it was stored. CL-21. */
  setHead(head: StoredHead): void {
    this.#heads.set(keyName(head.sender), head);
  }

  /** Signs this device's own member record; its body is always the same. PA-21. */
  createOwnRecord(): MemberRecord {
    const genesis = this.#epochs.get(0);
    if (genesis === undefined) throw new TypeError('a group has an epoch 0');
    return createMemberRecord(this.deviceKeys, genesis);
  }

  /** auth_pub_0, the public key whose hash is the group id, 32 bytes. GR-02. */
  get genesisKey(): Uint8Array {
    return this.#epochs.get(0)?.authKey ?? new Uint8Array();
  }

  /** Verifies records that somebody sent; returns the new members, for the caller to store. GR-14, GR-15. */
  verifyRecords(records: readonly MemberRecord[]): StoredMember[] {
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

  /** Verifies the record that a device brings of itself; undefined when it names another or does not verify. CL-09. */
  verifyOwnWord(record: MemberRecord, deviceKey: Uint8Array): StoredMember | undefined {
    return this.verifyRecords([record]).find((member) => equal(member.deviceKey, deviceKey));
  }

  /** Adds members; call it after they were stored. */
  addMembers(members: readonly StoredMember[]): void {
    for (const member of members) this.#add(member);
  }

  /** The stored member with this device key. */
  memberOf(deviceKey: Uint8Array): StoredMember | undefined {
    return this.#members.get(keyName(deviceKey));
  }

  /** Wipes all secret keys. GR-11. */
  wipe(): void {
    this.deviceKeys.wipe();
    for (const keys of this.#epochs.values()) keys.wipe();
  }

  #add(member: StoredMember): void {
    this.#members.set(keyName(member.deviceKey), member);
  }
}
