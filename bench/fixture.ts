import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { type ChainPlace, NO_HASH, sealEnvelope } from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { type KeyPairs, keyPairs } from '@0k-sync/core/noise';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Enrolment } from '@0k-sync/generated/wire/frame';

/** A device in a group, with what it needs to say Hello and to seal. */
export interface Device {
  readonly keys: DeviceKeys;
  readonly epoch: EpochKeys;
  readonly enrolment: Enrolment;
  /** Static keys of the Noise handshake. */
  readonly staticKeys: KeyPairs;
}

const CONTENT_BYTES = 1024;

/** A new group's epoch 0. */
export function createGroup(crypto: CryptoProvider, random: RandomSource): EpochKeys {
  return EpochKeys.create(crypto, random);
}

/** Makes a device of the epoch's group, with fresh keys and an enrolment. */
export function createDevice(crypto: CryptoProvider, random: RandomSource, epoch: EpochKeys): Device {
  const keys = new DeviceKeys(crypto, random(32), epoch.groupId);
  const record = createMemberRecord(keys, epoch);
  const staticKeys = keyPairs(crypto, random(32), random(64));
  return { keys, epoch, enrolment: { record, authKey: epoch.authKey }, staticKeys };
}

/** `count` envelopes of 1 KB content, one chain. */
export function sealChain(crypto: CryptoProvider, random: RandomSource, device: Device, count: number): Envelope[] {
  const envelopes: Envelope[] = [];
  let place: ChainPlace = { sequence: 1, previous: NO_HASH };
  for (let index = 0; index < count; index++) {
    const message = {
      id: random(16),
      content: { $case: 'data' as const, value: random(CONTENT_BYTES) },
      metadata: undefined,
      sentAtMs: 0n,
    };
    const content = { type: 'message' as const, message };
    const { envelope, hash } = sealEnvelope(
      crypto,
      random,
      { device: device.keys, epoch: device.epoch },
      place,
      content,
    );
    envelopes.push(envelope);
    place = { sequence: place.sequence + 1, previous: hash };
  }
  return envelopes;
}
