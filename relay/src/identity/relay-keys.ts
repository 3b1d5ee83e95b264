import { utf8, wipe } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type KeyPairs, keyPairs } from '@0k-sync/core/noise';
import { LABEL_RELAY_MLKEM768, LABEL_RELAY_SIGNING, LABEL_RELAY_X25519 } from '@0k-sync/generated/labels';

const NO_SALT = new Uint8Array(0);

/** A relay's keys, derived from its one seed. HS-20, HS-21. */
export interface RelayKeys {
  readonly noise: KeyPairs;
  /** The X25519 static key, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** BLAKE3 of the ML-KEM-768 encapsulation key, 32 bytes. */
  readonly kemHash: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
  /** Makes names of addresses that a copy of the database does not tell, 32 bytes. RL-81. */
  readonly addressSecret: Uint8Array;
}

/** Not of the protocol: what is derived with it never leaves the relay. */
const LABEL_ADDRESSES = '0k-relay/v1/addresses';

/** Derives all keys from a 32-byte seed and wipes the seed. */
export function deriveRelayKeys(crypto: CryptoProvider, seed: Uint8Array): RelayKeys {
  const derive = (label: string, length: number) => crypto.hkdf(seed, NO_SALT, utf8(label), length);
  const mlkemSeed = derive(LABEL_RELAY_MLKEM768, 64);
  const signingSeed = derive(LABEL_RELAY_SIGNING, 32);
  const addressSecret = derive(LABEL_ADDRESSES, 32);
  const noise = keyPairs(crypto, derive(LABEL_RELAY_X25519, 32), mlkemSeed);
  const signingKey = crypto.ed25519PublicKey(signingSeed);
  wipe(seed, mlkemSeed, signingSeed);
  const { x25519: nodeId, mlkem768 = NO_SALT } = noise.publicKeys;
  return { noise, nodeId, kemHash: crypto.blake3(mlkem768), signingKey, addressSecret };
}
