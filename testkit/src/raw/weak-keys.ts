import { equal, fromHex } from '@0k-sync/core/bytes';
import type { CryptoProvider, MlKemKeys } from '@0k-sync/core/crypto';
import type { KeyPairs } from '@0k-sync/core/noise';
import { crypto } from '../crypto/provider.ts';

/** u-coordinates of order 4, 1 and 8: every scalar of X25519 makes zero of them. RFC 7748, section 6.1. */
export const LOW_ORDER_POINTS: readonly Uint8Array[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
].map((point) => fromHex(point) ?? new Uint8Array());

const ZERO = new Uint8Array(32);

/** An end with these statics whose ephemeral key is of low order, and which computes on with what comes of it, as everybody can. HS-05. */
export function withLowOrderKey({ secretKey }: KeyPairs, point: Uint8Array): CryptoProvider {
  return {
    ...crypto,
    x25519PublicKey: () => point.slice(),
    x25519: (secret, publicKey) => (equal(secret, secretKey) ? crypto.x25519(secret, publicKey) : ZERO.slice()),
  };
}

/** A responder whose ephemeral encapsulation key has a coefficient of 4095; nothing is ever encapsulated to it. HS-06. */
export function withUnreducedKey(): CryptoProvider {
  const unreduced = (keys: MlKemKeys): MlKemKeys => {
    const encapsulationKey = keys.encapsulationKey.slice();
    encapsulationKey.set([0xff, 0xff]);
    return { ...keys, encapsulationKey };
  };
  const { mlkemKeysFresh } = crypto;
  return {
    ...crypto,
    mlkemKeys: (seed) => unreduced(crypto.mlkemKeys(seed)),
    ...(mlkemKeysFresh !== undefined && { mlkemKeysFresh: () => unreduced(mlkemKeysFresh()) }),
  };
}
