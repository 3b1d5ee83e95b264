import { utf8 } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type KeyPairs, keyPairs } from '@0k-sync/core/noise';
import { LABEL_RELAY_MLKEM768, LABEL_RELAY_SIGNING, LABEL_RELAY_X25519 } from '@0k-sync/generated/labels';

const NO_SALT = new Uint8Array(0);

/** The keys of a relay. HS-20, HS-21. */
export interface RelayKeys {
  readonly noise: KeyPairs;
  /** X25519 static, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** BLAKE3 of the ML-KEM-768 encapsulation key, 32 bytes. */
  readonly kemHash: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
}

/** Derives all keys from a relay's seed, 32 bytes. HS-20. */
export function relayKeys(crypto: CryptoProvider, seed: Uint8Array): RelayKeys {
  const derive = (label: string, length: number) => crypto.hkdf(seed, NO_SALT, utf8(label), length);
  const noise = keyPairs(crypto, derive(LABEL_RELAY_X25519, 32), derive(LABEL_RELAY_MLKEM768, 64));
  const signingKey = crypto.ed25519PublicKey(derive(LABEL_RELAY_SIGNING, 32));
  const { x25519: nodeId, mlkem768 = NO_SALT } = noise.publicKeys;
  return { noise, nodeId, kemHash: crypto.blake3(mlkem768), signingKey };
}
