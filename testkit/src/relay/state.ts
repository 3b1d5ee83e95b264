import { toHex } from '@0k-sync/core/bytes';
import { CREDIT_BYTES_MAX, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { GroupLog, type GroupLogDeps } from './group-log.ts';
import { Mailboxes } from './mailboxes.ts';

/** Settings of a relay's operator. */
export interface RelaySettings {
  readonly creation: 'open' | 'token' | 'closed';
  readonly accessToken: string;
  /** Groups that may be created in every case, in hexadecimal. SE-13. */
  readonly groupIds: readonly string[];
  readonly groupBytesMax: number;
  readonly groupEnvelopesMax: number;
  /** Bytes of all groups that one address has created; a scripted relay takes all for groups of one. RL-81. */
  readonly addressBytesMax: number;
  /** Bytes of all groups. RL-81. */
  readonly totalBytesMax: number;
  /** Bytes that all connections together may have sent without a whole frame. RL-71. */
  readonly memoryBytesMax: number;
  readonly helloDeadlineMs: number | undefined;
  /** Age at which an envelope expires, ms; 0 for never. */
  readonly expireMs: number;
  readonly pageBytesMax: number;
  readonly creditBytesMax: number;
}

/** An open relay that keeps everything. */
export const DEFAULT_SETTINGS: RelaySettings = {
  creation: 'open',
  accessToken: '',
  groupIds: [],
  groupBytesMax: Number.POSITIVE_INFINITY,
  groupEnvelopesMax: Number.POSITIVE_INFINITY,
  addressBytesMax: Number.POSITIVE_INFINITY,
  totalBytesMax: Number.POSITIVE_INFINITY,
  memoryBytesMax: Number.POSITIVE_INFINITY,
  helloDeadlineMs: undefined,
  expireMs: 0,
  pageBytesMax: PAGE_BYTES_MAX,
  creditBytesMax: CREDIT_BYTES_MAX,
};

/** State that outlives a restart, as a relay's disk keeps it. */
export class RelayState {
  /** Seed of the relay's keys, 32 bytes. HS-20. */
  seed: Uint8Array;
  /** Logs by group id in hex. */
  readonly groups = new Map<string, GroupLog>();
  readonly mailboxes = new Mailboxes();
  readonly #deps: GroupLogDeps;

  constructor(deps: GroupLogDeps, seed: Uint8Array) {
    this.#deps = deps;
    this.seed = seed;
  }

  /** Bytes of all groups but one. RL-81. */
  bytesBeside(group: GroupLog): number {
    const others = [...this.groups.values()].filter((other) => other !== group);
    return others.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  group(groupId: Uint8Array): GroupLog | undefined {
    return this.groups.get(toHex(groupId));
  }

  createGroup(groupId: Uint8Array): GroupLog {
    const group = new GroupLog(this.#deps);
    this.groups.set(toHex(groupId), group);
    return group;
  }

  /** Removes envelopes older than `expireMs`, from the low end. @returns their number. RL-47, RL-50 */
  sweep(expireMs: number, nowMs: number): number {
    if (expireMs === 0) return 0;
    let removed = 0;
    for (const group of this.groups.values()) {
      const alive = group.envelopes.findIndex(({ receivedAtMs }) => Number(receivedAtMs) > nowMs - expireMs);
      const count = alive === -1 ? group.envelopes.length : alive;
      if (count > 0) group.expireThrough(group.floor + count);
      removed += count;
    }
    return removed;
  }
}
