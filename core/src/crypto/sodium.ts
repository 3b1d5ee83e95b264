type Encrypt = (
  ciphertext: Uint8Array,
  plaintext: Uint8Array,
  ad: Uint8Array,
  unused: null,
  nonce: Uint8Array,
  key: Uint8Array,
) => void;
type Decrypt = (
  plaintext: Uint8Array,
  unused: null,
  ciphertext: Uint8Array,
  ad: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
) => void;

/** The functions of sodium-native that the Node provider calls; its published types lag behind it. */
export interface Sodium {
  crypto_aead_chacha20poly1305_ietf_encrypt: Encrypt;
  crypto_aead_chacha20poly1305_ietf_decrypt: Decrypt;
  crypto_aead_xchacha20poly1305_ietf_encrypt: Encrypt;
  crypto_aead_xchacha20poly1305_ietf_decrypt: Decrypt;
  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
  crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void;
  crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  /** Cofactorless; refuses S >= L, and A and R that are not canonical or of small order. SC-20. */
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

const TAG_BYTES = 16;

export function seal(encrypt: Encrypt) {
  return (key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array => {
    const ciphertext = new Uint8Array(plaintext.length + TAG_BYTES);
    encrypt(ciphertext, plaintext, ad, null, nonce, key);
    return ciphertext;
  };
}

export function open(decrypt: Decrypt) {
  return (key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined => {
    if (ciphertext.length < TAG_BYTES) return undefined;
    const plaintext = new Uint8Array(ciphertext.length - TAG_BYTES);
    try {
      decrypt(plaintext, null, ciphertext, ad, nonce, key);
      return plaintext;
    } catch {
      return undefined;
    }
  };
}
