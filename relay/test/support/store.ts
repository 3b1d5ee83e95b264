import { randomBytes } from 'node:crypto';
import { envelopeHash } from '@0k-sync/core/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import { crypto } from '@0k-sync/testkit/crypto';
import type { VirtualClock } from '@0k-sync/testkit/time';
import { SqliteStore, type StoreConfig, type StoreListener } from '../../src/store/index.ts';
import type { OpenedSession, Push, PushItem, PushResult, Sweep, Swept } from '../../src/store/port.ts';
import { isRefused } from '../../src/store/port.ts';

const DAY_MS = 86_400_000;
const QUIET: StoreListener = {
  pushed: () => {},
  committed: () => {},
  refused: () => {},
  recovered: () => {},
  readFailed: () => {},
};

export interface Overrides {
  readonly database?: Partial<StoreConfig['writer']['database']>;
  readonly quotas?: Partial<StoreConfig['writer']['quotas']>;
  readonly commit?: Partial<StoreConfig['commit']>;
  readonly listener?: Partial<StoreListener>;
  readonly clockStepMs?: number;
}

export function settingsFor(directory: string, clock: VirtualClock, overrides: Overrides = {}): StoreConfig {
  return {
    writer: {
      database: {
        directory,
        databaseBytesMax: 0,
        reserveBytes: 0,
        walAutocheckpointPages: 4000,
        lockWaitMs: 50,
        ...overrides.database,
      },
      quotas: {
        bytesMax: 2 ** 32,
        envelopesMax: 1_000_000,
        devicesMax: 64,
        mailboxesMax: 16,
        inviteLifetimeMsMax: 600_000,
        creatorBytesMax: 0,
        totalBytesMax: 0,
        auditRowsMax: 1000,
        ...overrides.quotas,
      },
    },
    commit: { batchItemsMax: 1024, batchBytesMax: 4 * 2 ** 20, clock: () => clock.wall(), ...overrides.commit },
    retentionClock: { stepMs: overrides.clockStepMs ?? DAY_MS, monotonic: () => clock.monotonic() },
  };
}

export function openStore(directory: string, clock: VirtualClock, overrides: Overrides = {}): Promise<SqliteStore> {
  return SqliteStore.open(settingsFor(directory, clock, overrides), { ...QUIET, ...overrides.listener });
}

/** Makes a record of the right lengths; the store does not look inside. */
export function someRecord(): MemberRecord {
  return { body: randomBytes(1292), deviceSignature: randomBytes(64), authSignature: randomBytes(64) };
}

export interface EnrolledDevice {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly opened: OpenedSession;
}

/** Enrols a device, in a new group unless one is given. */
export async function enrol(store: SqliteStore, groupId: Uint8Array = randomBytes(32)): Promise<EnrolledDevice> {
  const deviceKey = randomBytes(32);
  const enrolment = { record: someRecord(), authKey: randomBytes(32) };
  const outcome = await store.perform({
    kind: 'authorize',
    groupId,
    deviceKey,
    enrolment,
    creator: new Uint8Array(16),
  });
  if (isRefused(outcome)) throw new Error(`not let in: ${outcome.refused}`);
  return { groupId, deviceKey, opened: outcome };
}

/** A sender's chain of envelopes of random bytes, and pushes of them. */
export class Sender {
  readonly device: EnrolledDevice;
  sequence = 0;
  previous: Uint8Array = new Uint8Array(32);

  constructor(device: EnrolledDevice) {
    this.device = device;
  }

  /** Makes the next envelope of the chain. */
  next(ciphertextBytes = 272): HashedItem {
    this.sequence += 1;
    const item = anItem(this.sequence, this.previous, ciphertextBytes);
    this.previous = item.hash;
    return item;
  }

  push(...items: PushItem[]): Push {
    const { group, device } = this.device.opened;
    return { kind: 'push', requestId: 1, group, device, items };
  }
}

/** An item, and its H for the next one's `previous`. */
export type HashedItem = PushItem & { readonly hash: Uint8Array };

export function anItem(sequence: number, previous: Uint8Array, ciphertextBytes = 272): HashedItem {
  const header = randomBytes(150);
  const ciphertext = randomBytes(ciphertextBytes);
  const envelope = { header, nonce: randomBytes(24), ciphertext, signature: randomBytes(64) };
  const hash = envelopeHash(crypto, envelope);
  return { envelope, sequence, previous, epoch: 0, hash, skip: false };
}

export const ITEM_COST = 150 + 24 + 272 + 64;

const NAMES = new Map<number, string>([
  [PushStatus.PUSH_STATUS_ACCEPTED, 'accepted'],
  [PushStatus.PUSH_STATUS_DUPLICATE, 'duplicate'],
  [PushStatus.PUSH_STATUS_REMOVED, 'removed'],
]);

/** Describes results: `accepted 1`, `duplicate 1`, `removed 0`, or the refusal's name. */
export function describe(results: readonly PushResult[]): string[] {
  return results.map(({ status, cursor, refusal }) => refusal?.error ?? `${NAMES.get(status)} ${cursor}`);
}

/** Reads the cursors of a whole log, page by page. */
export function readAll(store: SqliteStore, group: number, expiredUntilMs = 0): number[] {
  const cursors: number[] = [];
  for (let after = 0; ; ) {
    const page = store.readStretch({ group, after, bytesMax: 65_536, itemsMax: 100, expiredUntilMs });
    cursors.push(...page.envelopes.map(({ cursor }) => Number(cursor)));
    if (page.next === page.head) return cursors;
    after = page.next;
  }
}

const NOTHING = { clockMs: 0, expireUntilMs: 0, groupBytes: 0, removeAcknowledged: false };

/** Runs a whole sweep, slice by slice. @returns the number of envelopes removed */
export async function sweepAll(store: SqliteStore, policy: Partial<Sweep>): Promise<number> {
  let removed = 0;
  for (let position: Sweep['position'] | undefined = { group: 0, removed: 0 }; position !== undefined; ) {
    const swept: Swept = await store.perform({ kind: 'sweep', ...NOTHING, ...policy, position });
    removed += swept.envelopes;
    position = swept.next;
  }
  return removed;
}
