import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { type Content, sealEnvelope, stubOf } from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { createInvite, type WelcomeContent } from '@0k-sync/core/pairing';
import type { Stub } from '@0k-sync/generated/wire/envelope';
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

/** The stub of an envelope of a device. */
export function headOf(sender: DeviceKeys, sequence = 4): Stub {
  const message = { id: random(16), content: { $case: 'text', value: '' } as const, metadata: undefined };
  const content = { type: 'message', message: { ...message, sentAtMs: 0n, topic: '', skipped: [] } } as Content;
  const place = { sequence, previous: random(32) };
  return stubOf(crypto, sealEnvelope(crypto, random, { device: sender, epoch }, place, content).envelope);
}

/** Makes the state of a group with one device and two epochs. */
export function sampleState(): WelcomeContent {
  const record = createMemberRecord(device, epoch);
  const body = { groupId: epoch.groupId, deviceKey: device.deviceKey, xwingKey: device.xwingKey, epoch: 0 };
  return {
    groupId: epoch.groupId,
    relays: [relay],
    members: [{ deviceKey: device.deviceKey, body, record }],
    epochs: [epoch, later],
    heads: [headOf(device)],
    names: [{ deviceKey: device.deviceKey, name: 'Ann' }],
  };
}

export function sampleInvite() {
  return createInvite(random, relay, NOW + 600_000);
}

/** Returns the cheapest parameters that a reader accepts; the portable provider takes seconds for the default. */
export function cheapParameters() {
  return { salt: random(16), memoryKib: 19 * 1024, iterations: 2, parallelism: 1 };
}
