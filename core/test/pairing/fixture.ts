import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { createInvite, type GroupState } from '@0k-sync/core/pairing';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { deterministicRandom } from '@0k-sync/testkit/crypto';

export const random = deterministicRandom('pairing');
export const NOW = 1_700_000_000_000;

export const relay: RelayPin = {
  address: 'relay.example:4433',
  nodeId: random(32),
  kemHash: random(32),
  signingKey: random(32),
};

const epoch = EpochKeys.create(crypto, random);
const later = new EpochKeys(crypto, random(32), 2, epoch.groupId);
export const device = new DeviceKeys(crypto, random(32), epoch.groupId);

/** Makes the state of a group with one device and two epochs. */
export function sampleState(): GroupState {
  const record = createMemberRecord(device, epoch);
  const body = { groupId: epoch.groupId, deviceKey: device.deviceKey, xwingKey: device.xwingKey, epoch: 0 };
  return {
    groupId: epoch.groupId,
    relays: [relay],
    members: [{ deviceKey: device.deviceKey, body, record }],
    epochs: [epoch, later],
    heads: [{ senderKey: device.deviceKey, sequence: 4n, hash: random(32) }],
  };
}

export function sampleInvite() {
  return createInvite(random, relay, NOW + 600_000);
}

/** Returns the cheapest parameters that a reader accepts; the portable provider takes seconds for the default. */
export function cheapParameters() {
  return { salt: random(16), memoryKib: 19 * 1024, iterations: 2, parallelism: 1 };
}
