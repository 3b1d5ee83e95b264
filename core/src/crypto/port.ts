/** Draws `length` random bytes from a cryptographically secure source. OV-05. */
export type RandomSource = (length: number) => Uint8Array;

/** The hashes that the Noise engine can run on. */
export type HashName = 'BLAKE2s' | 'SHA256';

/** An ML-KEM-768 key pair (FIPS 203). */
export interface MlKemKeys {
  /** Encapsulation key, 1184 bytes. */
  readonly encapsulationKey: Uint8Array;
  /** The decapsulation key, in the provider's own form. */
  readonly decapsulationKey: unknown;
}

/** The costs of Argon2id (RFC 9106). */
export interface Argon2idParameters {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/**
 * The primitives as one synchronous port. All providers give identical bytes and verdicts. SC-21.
 * Bad input of others gives undefined or false; a key of the caller with a wrong length throws a RangeError.
 */
export interface CryptoProvider {
  /** ChaCha20-Poly1305 (RFC 8439): key 32, nonce 12; ciphertext with its 16-byte tag, in `out` if there is one. */
  chachaSeal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array, out?: Uint8Array): Uint8Array;
  chachaOpen(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  /** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): key 32, nonce 24. */
  xchachaSeal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  xchachaOpen(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  /** X25519 (RFC 7748) public key of a 32-byte secret. */
  x25519PublicKey(secretKey: Uint8Array): Uint8Array;
  /** Shared secret, 32 bytes; undefined when it is all zero. HS-05. */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  /** ML-KEM-768 (FIPS 203) keys of d || z, 64 bytes. */
  mlkemKeys(seed: Uint8Array): MlKemKeys;
  /** Encapsulates with the given m, 32 bytes; undefined when the key is not valid. HS-06. */
  mlkemEncapsulate(
    encapsulationKey: Uint8Array,
    m: Uint8Array,
  ): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } | undefined;
  /** The platform's own random source, if the platform is faster when it draws by itself. */
  readonly platformRandom?: RandomSource;
  /** ML-KEM-768 keys of a seed that the platform draws; only for callers whose source is `platformRandom`. */
  mlkemKeysFresh?(): MlKemKeys;
  /** Encapsulates with an m that the platform draws; only for callers whose source is `platformRandom`. */
  mlkemEncapsulateFresh?(
    encapsulationKey: Uint8Array,
  ): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } | undefined;
  /** Shared secret, 32 bytes, of a ciphertext of 1088 bytes; a bad ciphertext gives another secret. HS-07. */
  mlkemDecapsulate(keys: MlKemKeys, ciphertext: Uint8Array): Uint8Array;
  /** X-Wing (draft-connolly-cfrg-xwing-kem-06) public key, 1216 bytes, of a 32-byte seed. */
  xwingPublicKey(seed: Uint8Array): Uint8Array;
  /**
   * X-Wing encapsulation with the given eseed, 64 bytes: m of ML-KEM-768, then the ephemeral X25519 secret. Ciphertext 1120,
   * shared secret 32 bytes; undefined for a key of another length, that fails the modulus check of HS-06, or whose X25519
   * part gives an all-zero result.
   */
  xwingEncapsulate(
    publicKey: Uint8Array,
    eseed: Uint8Array,
  ): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } | undefined;
  /**
   * Shared secret, 32 bytes, of an X-Wing ciphertext; undefined for one that has not 1120 bytes, or whose X25519 part gives
   * an all-zero result. Any other bad ciphertext gives another secret.
   */
  xwingDecapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  /** Ed25519 (RFC 8032) public key of a 32-byte seed. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array;
  /** The signing key of a 32-byte seed: seed || public key, 64 bytes, derived once for many signatures. Wipe it. */
  ed25519SigningKey(seed: Uint8Array): Uint8Array;
  /** Signs with a key of `ed25519SigningKey`; 64 bytes. */
  ed25519Sign(message: Uint8Array, signingKey: Uint8Array): Uint8Array;
  /** Verifies a 64-byte signature strictly and without cofactor. SC-20. */
  ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** BLAKE3 of the concatenated parts, 32 bytes. */
  blake3(...parts: readonly Uint8Array[]): Uint8Array;
  /** A hash of Noise over the concatenated parts, 32 bytes. */
  hash(name: HashName, ...parts: readonly Uint8Array[]): Uint8Array;
  /** HMAC (RFC 2104) over a hash of Noise, 32 bytes. */
  hmac(name: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** SHA-512 (FIPS 180-4) of the concatenated parts, 64 bytes. */
  sha512(...parts: readonly Uint8Array[]): Uint8Array;
  /** HMAC-SHA512 (RFC 2104), 64 bytes. */
  hmacSha512(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** The ristretto255 (RFC 9496) element, 32 bytes, that 64 uniform bytes give. */
  ristrettoElement(uniform: Uint8Array): Uint8Array;
  /**
   * Product, 32 bytes, of an element and a scalar of 32 or 64 bytes, little-endian, modulo the order; undefined for an
   * encoding that is not canonical, for the identity, and for a scalar that is zero. CO-13.
   */
  ristrettoMultiply(scalar: Uint8Array, element: Uint8Array): Uint8Array | undefined;
  /** HKDF-SHA256 (RFC 5869); `length` bytes. */
  hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** Argon2id v1.3 (RFC 9106); `length` bytes. */
  argon2id(password: Uint8Array, salt: Uint8Array, parameters: Argon2idParameters, length: number): Uint8Array;
}
