import { equal } from '@0k-sync/core/bytes';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { encodeContent, type VerifiedStub } from '@0k-sync/core/envelope';
import { EpochKeys, type Member } from '@0k-sync/core/group';
import type { GroupState } from '@0k-sync/core/pairing';
import { DEVICE_NAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType, Stub } from '@0k-sync/generated/wire/envelope';
import { MemberRecord, type RelayPin } from '@0k-sync/generated/wire/group';
import { SyncError } from '../error.ts';
import type { Change } from '../store/port.ts';
import type { StoredGroup, StoredHead, StoredMember, StoredPin } from '../store/types.ts';
import { Membership } from './membership.ts';

interface SetupDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly deviceName: string;
  /** The device seed, 32 bytes; undefined when the store has none yet. GR-10. */
  readonly seed: Uint8Array | undefined;
  /** Gives the seed, 32 bytes, for a store that has none. */
  readonly newSeed: () => Uint8Array;
}

/**
 * A group that this device enters, and the changes that make it a member; the caller stores them in one transaction.
 */
export interface Setup {
  readonly membership: Membership;
  readonly changes: readonly Change[];
}

/** Creates a group with this device as its only member. `relays` are addresses, `host:port`. GR-01, GR-02. */
export function createGroup(deps: SetupDeps, relays: readonly string[]): Setup {
  const epoch = EpochKeys.create(deps.crypto, deps.random);
  const epochSecrets = [{ epoch: 0, secret: epoch.exportSecret() }];
  const group = { groupId: epoch.groupId, epochSecrets, relays, heads: [] };
  epoch.wipe();
  return prepareSetup(deps, group, []);
}

/** Joins the group of a verified Welcome. The pins of its relays are fixed. PA-20, CL-32. */
export function joinGroup(deps: SetupDeps, state: GroupState): Setup {
  const group: StoredGroup = {
    groupId: state.groupId.slice(),
    epochSecrets: state.epochs.map((keys) => ({ epoch: keys.epoch, secret: keys.exportSecret() })),
    relays: state.relays.map(({ address }) => address),
    heads: state.heads.map(storedHead),
  };
  const { membership, changes } = prepareSetup(
    deps,
    group,
    state.members.map((member) => storedMember(member, nameIn(state, member))),
  );
  const pins = state.relays.map((pin) => ({ kind: 'pin', pin: fixedPin(pin) }) as const);
  return { membership, changes: [...changes, ...pins] };
}

/** Turns a pin of an invite or a Welcome into a fixed one. CL-32. */
export function fixedPin({ address, nodeId, kemHash, signingKey }: RelayPin): StoredPin {
  return {
    address,
    nodeId: nodeId.slice(),
    ...(kemHash.length > 0 && { kemHash: kemHash.slice() }),
    ...(signingKey.length > 0 && { signingKey: signingKey.slice() }),
    fixed: true,
  };
}

/**
 * Prepares this device's membership. @throws SyncError kind `argument` when the device name is too long. F-012, LI-15.
 */
function prepareSetup(deps: SetupDeps, group: StoredGroup, others: readonly StoredMember[]): Setup {
  const { crypto, random, deviceName: name } = deps;
  if (new TextEncoder().encode(name).length > DEVICE_NAME_BYTES_MAX) {
    throw new SyncError('argument', `The device name is longer than ${DEVICE_NAME_BYTES_MAX} bytes.`, {
      hint: 'Choose a shorter name.',
    });
  }
  const seed = deps.seed ?? deps.newSeed();
  const membership = new Membership(crypto, seed, group, others);
  const record = membership.createOwnRecord();
  const own = { deviceKey: membership.deviceKey, record: MemberRecord.encode(record).finish(), name };
  membership.addMembers([own]);
  const changes: Change[] = [
    ...(deps.seed === undefined ? [{ kind: 'identity', seed } as const] : []),
    { kind: 'group', group },
    ...[...others, own].map((member) => ({ kind: 'member', member }) as const),
    // The first envelope of every member is its announcement. PA-22.
    {
      kind: 'enqueue',
      entry: {
        id: random(16),
        contentType: ContentType.CONTENT_TYPE_INVITE,
        plaintext: encodeContent({ type: 'announcement', announcement: { name, record, skipped: [] } }),
        state: 'queued',
      },
    },
  ];
  return { membership, changes };
}

/** The name that a Welcome gives to a member; empty if it gives none. PA-25. */
function nameIn({ names }: GroupState, { deviceKey }: Member): string {
  return names.find((named) => equal(named.deviceKey, deviceKey))?.name ?? '';
}

/** Turns a verified stub into a row of the store. PA-12, CL-21. */
export function storedHead({ senderKey, sequence, hash, stub }: VerifiedStub): StoredHead {
  return { sender: senderKey.slice(), sequence, hash, stub: Stub.encode(stub).finish() };
}

function storedMember({ deviceKey, record }: Member, name: string): StoredMember {
  return { deviceKey: deviceKey.slice(), record: MemberRecord.encode(record).finish(), name };
}
