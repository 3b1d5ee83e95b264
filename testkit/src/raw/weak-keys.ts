import { equal, fromHex } from '@0k-sync/core/bytes';
import type { CryptoProvider, MlKemKeys } from '@0k-sync/core/crypto';
import type { KeyPairs } from '@0k-sync/core/noise';
import { crypto } from '../crypto/provider.ts';

/** u-coordinates of order 4, 1 and 8, 32 bytes each: X25519 gives zero for every scalar. RFC 7748, section 6.1. */
export const LOW_ORDER_POINTS: readonly Uint8Array[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
].map((point) => fromHex(point) ?? new Uint8Array());

const ZERO = new Uint8Array(32);

/** A provider for an end whose ephemeral key is `point`, of low order. It computes on with zero, as everybody can. HS-05. */
export function withLowOrderKey({ secretKey }: KeyPairs, point: Uint8Array): CryptoProvider {
  return {
    ...crypto,
    x25519PublicKey: () => point.slice(),
    x25519: (secret, publicKey) => (equal(secret, secretKey) ? crypto.x25519(secret, publicKey) : ZERO.slice()),
  };
}

/** A provider for a responder whose ephemeral encapsulation key has a coefficient of 4095, which is not reduced. HS-06. */
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
