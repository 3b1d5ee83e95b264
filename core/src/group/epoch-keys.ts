import { LABEL_AUTH, LABEL_GROUP_ID, LABEL_MESSAGE } from '@0k-sync/generated/labels';
import { concat, u32, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { Secret } from './secret.ts';

/** Length of a group id, bytes. GR-02. */
export const GROUP_ID_BYTES = 32;
/** Length of an epoch secret, bytes. GR-01. */
export const EPOCH_SECRET_BYTES = 32;
const KEY_BYTES = 32;
const NO_SALT = new Uint8Array(0);

/** Computes the group id, which certifies itself: BLAKE3(label || auth_pub_0), 32 bytes. GR-02. */
export function groupIdOf(crypto: CryptoProvider, authKey: Uint8Array): Uint8Array {
  return crypto.blake3(utf8(LABEL_GROUP_ID), authKey);
}

/** The keys that one epoch's secret gives, auth_e and message_e. Secret parts stay inside. GR-05. */
export class EpochKeys {
  readonly epoch: number;
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** auth_pub_e: Ed25519, 32 bytes. */
  readonly authKey: Uint8Array;
  readonly #crypto: CryptoProvider;
  readonly #secret: Secret;
  readonly #authSigningKey: Secret;
  readonly #messageKey: Secret;

  /**
   * @param secret 32 bytes; this object owns and wipes them
   * @param groupId undefined for epoch 0, which derives it
   */
  constructor(crypto: CryptoProvider, secret: Uint8Array, epoch: number, groupId?: Uint8Array) {
    if (secret.length !== EPOCH_SECRET_BYTES) throw new RangeError(`epoch secret of ${secret.length} bytes`);
    if (groupId === undefined && epoch !== 0) throw new TypeError('only epoch 0 gives the group id');
    const scope = epoch === 0 ? [] : [groupId as Uint8Array];
    const authSeed = crypto.hkdf(secret, NO_SALT, concat(utf8(LABEL_AUTH), ...scope, u32(epoch)), KEY_BYTES);
    const authSigningKey = crypto.ed25519SigningKey(authSeed);
    wipe(authSeed);
    this.epoch = epoch;
    this.authKey = authSigningKey.slice(KEY_BYTES);
    this.groupId = groupId ?? groupIdOf(crypto, this.authKey);
    const messageInfo = concat(utf8(LABEL_MESSAGE), this.groupId, u32(epoch));
    this.#crypto = crypto;
    this.#secret = new Secret(secret);
    this.#authSigningKey = new Secret(authSigningKey);
    this.#messageKey = new Secret(crypto.hkdf(secret, NO_SALT, messageInfo, KEY_BYTES));
  }

  /** Makes the keys of epoch 0 of a new group. GR-01. */
  static create(crypto: CryptoProvider, random: RandomSource): EpochKeys {
    return new EpochKeys(crypto, random(EPOCH_SECRET_BYTES), 0);
  }

  /** Signs with auth_e: Ed25519, 64 bytes. GR-09. */
  signAuth(message: Uint8Array): Uint8Array {
    return this.#crypto.ed25519Sign(message, this.#authSigningKey.reveal());
  }

  /** Seals with XChaCha20-Poly1305 under message_e; returns the ciphertext with its 16-byte tag. EN-11. */
  seal(nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return this.#crypto.xchachaSeal(this.#messageKey.reveal(), nonce, ad, plaintext);
  }

  /** Opens a ciphertext; undefined when it does not authenticate. EN-11. */
  open(nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
    return this.#crypto.xchachaOpen(this.#messageKey.reveal(), nonce, ad, ciphertext);
  }

  /** Derives HKDF(secret, label || group_id || u32(epoch)), 32 bytes, which the caller wipes. RO-19. */
  deriveKey(label: string): Uint8Array {
    const info = concat(utf8(label), this.groupId, u32(this.epoch));
    return this.#crypto.hkdf(this.#secret.reveal(), NO_SALT, info, KEY_BYTES);
  }

  /** Copies the epoch secret, 32 bytes, for a sealed Welcome or the device's own store. GR-04. */
  exportSecret(): Uint8Array {
    return this.#secret.reveal().slice();
  }

  wipe(): void {
    this.#secret.wipe();
    this.#authSigningKey.wipe();
    this.#messageKey.wipe();
  }
}
