import { wipe } from '../bytes/index.ts';
import type { CryptoProvider, MlKemKeys } from '../crypto/index.ts';
import { redact } from '../redact.ts';

/** The public half of an end's keys. */
export interface PublicKeys {
  /** 32 bytes. */
  readonly x25519: Uint8Array;
  /** ML-KEM-768 encapsulation key, 1184 bytes; absent in classical suites. */
  readonly mlkem768?: Uint8Array | undefined;
}

/** One X25519 pair and, in hybrid suites, one ML-KEM-768 pair: an end's static or ephemeral keys. */
export class KeyPairs {
  readonly secretKey: Uint8Array;
  readonly mlkem: MlKemKeys | undefined;
  readonly publicKeys: PublicKeys;

  constructor(crypto: CryptoProvider, secretKey: Uint8Array, mlkem: MlKemKeys | undefined) {
    this.secretKey = secretKey;
    this.mlkem = mlkem;
    this.publicKeys = { x25519: crypto.x25519PublicKey(secretKey), mlkem768: this.mlkem?.encapsulationKey };
  }

  /** Clears the X25519 secret, and the decapsulation key if the provider holds it as bytes. */
  wipe(): void {
    wipe(this.secretKey);
    if (this.mlkem?.decapsulationKey instanceof Uint8Array) wipe(this.mlkem.decapsulationKey);
  }
}
redact(KeyPairs);

/**
 * Makes key pairs from a 32-byte X25519 secret and, for hybrid suites, an ML-KEM seed.
 * @param mlkemSeed d || z, 64 bytes; the caller may wipe it afterwards
 */
export function keyPairs(crypto: CryptoProvider, secretKey: Uint8Array, mlkemSeed?: Uint8Array): KeyPairs {
  return new KeyPairs(crypto, secretKey, mlkemSeed === undefined ? undefined : crypto.mlkemKeys(mlkemSeed));
}
