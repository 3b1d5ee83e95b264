import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { EpochKeys } from '@0k-sync/core/group';
import { keyPairs } from '@0k-sync/core/noise';
import { Device, Group } from '@0k-sync/testkit/author';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import { EnginePair, type EnginePairConfig, helloOf } from '@0k-sync/testkit/harness';

const random = deterministicRandom('session');
const staticKeys = keyPairs(crypto, random(32), random(64));

/** The member of these tests, the same in every run. */
export const member = new Device(new Group(EpochKeys.create(crypto, random)), random(32));
export const { keys: device, enrolment } = member;
export const { epoch } = member.group;
export const helloCommand = helloOf(member);

/** Two engines with the portable provider and draws that are the same in every run. */
export class Pair extends EnginePair {
  constructor({ relay, ...config }: EnginePairConfig = {}) {
    super({ crypto, random, relay: { staticKeys, ...relay }, ...config });
  }

  override enter(): this {
    return super.enter(helloCommand);
  }
}
