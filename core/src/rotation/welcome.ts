import { LABEL_ROTATION_WELCOME } from '@0k-sync/generated/labels';
import { concat, u32, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { type DeviceKeys, EPOCH_SECRET_BYTES } from '../group/index.ts';

/** Length of a welcome, bytes: an X-Wing ciphertext, the sealed secret and its tag. RO-17. */
export const ROTATION_WELCOME_BYTES = 1168;
const XWING_CIPHERTEXT_BYTES = 1120;
const XWING_ESEED_BYTES = 64;
const KEY_BYTES = 32;
const NO_SALT = new Uint8Array(0);
const NO_AD = new Uint8Array(0);
/** The key seals one secret only, so its nonce is constant. */
const NONCE = new Uint8Array(24);

/** A device that gets an epoch's secret. */
export interface Recipient {
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Uint8Array;
  /** X-Wing, 1216 bytes, from the device's verified record. */
  readonly xwingKey: Uint8Array;
}

/** The group and epoch that a welcome belongs to. */
export interface EpochPlace {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  readonly epoch: number;
}

/**
 * Seals an epoch's secret to one device; 1168 bytes. A device whose X-Wing key is not valid gets random bytes, so that it
 * stops nobody's rotation. RO-17, RO-18.
 * @param secret 32 bytes; the caller keeps and wipes them
 */
export function sealRotationWelcome(
  crypto: CryptoProvider,
  random: RandomSource,
  place: EpochPlace,
  { deviceKey, xwingKey }: Recipient,
  secret: Uint8Array,
): Uint8Array {
  if (secret.length !== EPOCH_SECRET_BYTES) throw new RangeError(`epoch secret of ${secret.length} bytes`);
  const eseed = random(XWING_ESEED_BYTES);
  const made = crypto.xwingEncapsulate(xwingKey, eseed);
  wipe(eseed);
  if (made === undefined) return random(ROTATION_WELCOME_BYTES);
  const key = welcomeKey(crypto, place, deviceKey, made.sharedSecret);
  const welcome = concat(made.ciphertext, crypto.xchachaSeal(key, NONCE, NO_AD, secret));
  wipe(made.sharedSecret, key);
  return welcome;
}

/** Opens a welcome for this device: the epoch's secret, 32 bytes, which the caller wipes; undefined if it does not open. RO-17. */
export function openRotationWelcome(
  crypto: CryptoProvider,
  device: DeviceKeys,
  epoch: number,
  welcome: Uint8Array,
): Uint8Array | undefined {
  if (welcome.length !== ROTATION_WELCOME_BYTES) return undefined;
  const shared = device.decapsulate(welcome.subarray(0, XWING_CIPHERTEXT_BYTES));
  if (shared === undefined) return undefined;
  const key = welcomeKey(crypto, { groupId: device.groupId, epoch }, device.deviceKey, shared);
  const secret = crypto.xchachaOpen(key, NONCE, NO_AD, welcome.subarray(XWING_CIPHERTEXT_BYTES));
  wipe(shared, key);
  return secret;
}

function welcomeKey(
  crypto: CryptoProvider,
  { groupId, epoch }: EpochPlace,
  deviceKey: Uint8Array,
  shared: Uint8Array,
): Uint8Array {
  const info = concat(utf8(LABEL_ROTATION_WELCOME), groupId, u32(epoch), deviceKey);
  return crypto.hkdf(shared, NO_SALT, info, KEY_BYTES);
}
