import type { RelayPin } from '@0k-sync/generated/wire/group';
import { type Rotation, RotationBody, type RotationCut } from '@0k-sync/generated/wire/rotation';
import { equal, wipe } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { type DeviceKeys, EPOCH_SECRET_BYTES, EpochKeys } from '../group/index.ts';
import { compareKeys, readRotationBody, rotationHash, rotationTranscript } from './body.ts';
import type { ChainPosition } from './chain.ts';
import { hasAnchor, sealGroupState } from './state.ts';
import { type Recipient, sealRotationWelcome } from './welcome.ts';

/** The change that a device wants to make. */
export interface RotationPlan {
  /** The device that makes it, one of `members`. */
  readonly device: DeviceKeys;
  /** The keys of the newest epoch, that of `position`. */
  readonly keys: EpochKeys;
  readonly position: ChainPosition;
  /** The devices that stay, from their verified records; in any order. */
  readonly members: readonly Recipient[];
  /** The devices that leave; in any order. */
  readonly removed: readonly RotationCut[];
  /** The group's relays from then on; the first is the anchor, and its signing key is known. */
  readonly relays: readonly RelayPin[];
}

/** A rotation that nobody has receipted yet. It changes nothing until the anchor does. RO-03. */
export interface ProposedRotation {
  /** Without a receipt. */
  readonly rotation: Rotation;
  /** R, 32 bytes. */
  readonly hash: Uint8Array;
  /** 1168 bytes each, in the order of the body's members. */
  readonly welcomes: readonly Uint8Array[];
  /** The keys of the new epoch; wipe them if the anchor refuses. */
  readonly keys: EpochKeys;
}

/**
 * Makes a rotation to a fresh secret. A plan that RO-15 refuses, or of which the device is no member, is a TypeError.
 * RO-01, RO-15 to RO-19.
 */
export function makeRotation(crypto: CryptoProvider, random: RandomSource, plan: RotationPlan): ProposedRotation {
  const { device, keys, position, removed, relays } = plan;
  const { groupId } = position;
  const epoch = position.epoch + 1;
  if (keys.epoch !== position.epoch) throw new TypeError('the keys are of another epoch');
  if (!hasAnchor(relays)) throw new TypeError('the first relay has no signing key');
  if (!plan.members.some(({ deviceKey }) => equal(deviceKey, device.deviceKey))) {
    throw new TypeError('the device that rotates stays a member');
  }
  const next = new EpochKeys(crypto, random(EPOCH_SECRET_BYTES), epoch, groupId);
  const [secret, previousSecret] = [next.exportSecret(), keys.exportSecret()];
  const sorted = [...plan.members].sort((a, b) => compareKeys(a.deviceKey, b.deviceKey));
  const welcomes = sorted.map((one) => sealRotationWelcome(crypto, random, { groupId, epoch }, one, secret));
  const body = RotationBody.encode({
    groupId,
    epoch,
    previous: position.hash,
    authKey: next.authKey,
    signer: device.deviceKey,
    members: sorted.map(({ deviceKey }, index) => ({
      deviceKey,
      welcomeHash: crypto.blake3(welcomes[index] as Uint8Array),
    })),
    removed: [...removed].sort((a, b) => compareKeys(a.deviceKey, b.deviceKey)),
    anchor: relays[0].nodeId,
    sealedState: sealGroupState(crypto, random, next, position.hash, { previousSecret, relays: [...relays] }),
  }).finish();
  wipe(secret, previousSecret);
  if (readRotationBody(body) === undefined) throw new TypeError('the plan names a device twice');
  const signed = rotationTranscript(body);
  return {
    rotation: {
      body,
      authSignature: keys.signAuth(signed),
      deviceSignature: device.sign(signed),
      receipt: new Uint8Array(0),
    },
    hash: rotationHash(crypto, body),
    welcomes,
    keys: next,
  };
}
