import { LABEL_DEVICE_KEY, LABEL_DEVICE_XWING } from '@0k-sync/generated/labels';
import { concat, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { Secret } from './secret.ts';

/** Length of a device's seed, bytes. GR-10. */
export const DEVICE_SEED_BYTES = 32;
const SEED_BYTES = 32;
const NO_SALT = new Uint8Array(0);

/** A device's keys in one group. A relay cannot link them to the device's keys in another group. GR-10. */
export class DeviceKeys {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** Ed25519, 32 bytes: the envelope's sender. */
  readonly deviceKey: Uint8Array;
  readonly #crypto: CryptoProvider;
  readonly #signingKey: Secret;
  readonly #xwingSeed: Secret;
  #xwingKey: Uint8Array | undefined;

  /** @param seed the device's one seed, 32 bytes; the caller keeps and wipes it */
  constructor(crypto: CryptoProvider, seed: Uint8Array, groupId: Uint8Array) {
    if (seed.length !== DEVICE_SEED_BYTES) throw new RangeError(`device seed of ${seed.length} bytes`);
    const signingSeed = crypto.hkdf(seed, NO_SALT, concat(utf8(LABEL_DEVICE_KEY), groupId), SEED_BYTES);
    this.#xwingSeed = new Secret(crypto.hkdf(seed, NO_SALT, concat(utf8(LABEL_DEVICE_XWING), groupId), SEED_BYTES));
    const signingKey = crypto.ed25519SigningKey(signingSeed);
    wipe(signingSeed);
    this.groupId = groupId;
    this.deviceKey = signingKey.slice(SEED_BYTES);
    this.#crypto = crypto;
    this.#signingKey = new Secret(signingKey);
  }

  /** X-Wing, 1216 bytes. It costs milliseconds and only a member record has it, so it is computed when it is needed. */
  get xwingKey(): Uint8Array {
    this.#xwingKey ??= this.#crypto.xwingPublicKey(this.#xwingSeed.reveal());
    return this.#xwingKey;
  }

  /** Signs with the device key: Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return this.#crypto.ed25519Sign(message, this.#signingKey.reveal());
  }

  /** Opens an X-Wing ciphertext: the shared secret, 32 bytes, which the caller wipes; undefined as RO-18 says. */
  decapsulate(ciphertext: Uint8Array): Uint8Array | undefined {
    return this.#crypto.xwingDecapsulate(this.#xwingSeed.reveal(), ciphertext);
  }

  wipe(): void {
    this.#signingKey.wipe();
    this.#xwingSeed.wipe();
  }
}
