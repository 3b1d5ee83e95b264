import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';
import { NO_HASH, type SealedEnvelope, sealEnvelope } from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import type { Enrolment, PushItem } from '@0k-sync/generated/wire/frame';

export const crypto = await createNodeCrypto();
export const random = nodeRandom;

/** A member with real keys and its chain. */
export class TestDevice {
  readonly keys: DeviceKeys;
  readonly epoch: EpochKeys;
  readonly enrolment: Enrolment;
  sequence = 0;
  previous: Uint8Array = NO_HASH;

  constructor(epoch: EpochKeys = EpochKeys.create(crypto, random)) {
    this.epoch = epoch;
    this.keys = new DeviceKeys(crypto, random(32), epoch.groupId);
    this.enrolment = { record: createMemberRecord(this.keys, epoch), authKey: epoch.authKey };
  }

  /** Another device of the same group. */
  sibling(): TestDevice {
    return new TestDevice(this.epoch);
  }

  /** Seals the next envelope of the chain. */
  seal(text = 'hello'): SealedEnvelope {
    this.sequence += 1;
    const content = {
      type: 'message' as const,
      message: {
        id: random(16),
        content: { $case: 'text' as const, value: text },
        metadata: undefined,
        sentAtMs: 0n,
      },
    };
    const place = { sequence: this.sequence, previous: this.previous };
    const sealed = sealEnvelope(crypto, random, { device: this.keys, epoch: this.epoch }, place, content);
    this.previous = sealed.hash;
    return sealed;
  }

  items(count: number, text = 'hello'): PushItem[] {
    return Array.from({ length: count }, () => ({ envelope: this.seal(text).envelope, skip: false }));
  }
}
