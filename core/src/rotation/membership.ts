import type { RotationBody, RotationCut } from '@0k-sync/generated/wire/rotation';
import { equal } from '../bytes/index.ts';

/** The place of an envelope, from its verified header. */
export interface PastPlace {
  readonly epoch: number;
  /** 32 bytes. */
  readonly senderKey: Uint8Array;
  readonly sequence: number;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** The verdict on an envelope by membership alone. RO-06. */
export type MembershipVerdict =
  | 'valid'
  /** The epoch is newer than every rotation that is proven here. */
  | 'epoch-unknown'
  /** The sender was no member when the envelope's epoch ended, or is none now. */
  | 'no-member'
  /** The sender was removed, and the envelope lies above its cut. */
  | 'beyond-cut'
  /** The sender was removed, and another envelope has the place of its cut. */
  | 'other-at-cut'
  /** The sender was removed before the envelope's epoch began. */
  | 'removed-before';

/**
 * The member lists of a group's epochs, as pure data: the verified bodies from epoch 1 without a hole.
 * Membership by a countersigned record is the caller's to tell, because the records are. RO-05, RO-06.
 */
export class Membership {
  readonly #bodies: readonly RotationBody[];

  /** @param bodies of the verified rotations, ascending from epoch 1 */
  constructor(bodies: readonly RotationBody[]) {
    if (bodies.some(({ epoch }, index) => epoch !== index + 1)) throw new TypeError('the epochs have a hole');
    this.#bodies = bodies;
  }

  /** The newest epoch; 0 before the first rotation. */
  get epoch(): number {
    return this.#bodies.length;
  }

  /**
   * Tells whether a device is a member in an epoch. RO-05.
   * @param isCountersigned true when the auth key of that epoch countersigned the device's record
   */
  isMember(epoch: number, deviceKey: Uint8Array, isCountersigned: boolean): boolean {
    if (this.#isListed(epoch, deviceKey)) return true;
    const removal = this.#removalOf(deviceKey);
    return isCountersigned && epoch <= this.epoch && (removal === undefined || removal.epoch > epoch);
  }

  /**
   * Judges an envelope by its epoch and its sender. RO-06.
   * @param isCountersigned true when the auth key of the envelope's epoch countersigned the sender's record
   */
  judge({ epoch, senderKey, sequence, hash }: PastPlace, isCountersigned: boolean): MembershipVerdict {
    if (epoch > this.epoch) return 'epoch-unknown';
    const removal = this.#removalOf(senderKey);
    if (removal !== undefined) {
      if (epoch >= removal.epoch) return 'removed-before';
      if (sequence > Number(removal.cut.sequence)) return 'beyond-cut';
      if (sequence < Number(removal.cut.sequence)) return 'valid';
      return equal(hash, removal.cut.hash) ? 'valid' : 'other-at-cut';
    }
    const isValid =
      epoch === this.epoch ? this.isMember(epoch, senderKey, isCountersigned) : this.#isListed(epoch + 1, senderKey);
    return isValid ? 'valid' : 'no-member';
  }

  #isListed(epoch: number, deviceKey: Uint8Array): boolean {
    const body = epoch === 0 ? undefined : this.#bodies[epoch - 1];
    return body?.members.some((member) => equal(member.deviceKey, deviceKey)) === true;
  }

  /** The rotation that removed a device; the first one, because no later one may. RO-02. */
  #removalOf(deviceKey: Uint8Array): { readonly epoch: number; readonly cut: RotationCut } | undefined {
    for (const { epoch, removed } of this.#bodies) {
      const cut = removed.find((candidate) => equal(candidate.deviceKey, deviceKey));
      if (cut !== undefined) return { epoch, cut };
    }
    return undefined;
  }
}
