import { readFileSync } from 'node:fs';
import { fromHex } from '@0k-sync/core/bytes';
import { type CryptoProvider, nobleCrypto } from '@0k-sync/core/crypto';
import { createNodeCrypto } from '@0k-sync/core/crypto/node';

export const nodeCrypto: CryptoProvider = await createNodeCrypto();

/** Every provider by name: each test of the port runs on all of them. SC-21. */
export const providers: readonly (readonly [string, CryptoProvider])[] = [
  ['noble', nobleCrypto],
  ['node', nodeCrypto],
];

/** Reads a file of spec/vectors. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../../spec/vectors/${path}.json`, import.meta.url), 'utf8')) as T;
}

/** Decodes a vector's hexadecimal field. */
export function bytes(text: string | undefined): Uint8Array {
  const value = text === undefined ? undefined : fromHex(text);
  if (value === undefined) throw new RangeError(`not hexadecimal: ${text}`);
  return value;
}

/** Copies bytes and flips the bits of `mask` in one of them. */
export function flipped(input: Uint8Array, index: number, mask = 1): Uint8Array {
  const copy = input.slice();
  copy[index] = (copy[index] ?? 0) ^ mask;
  return copy;
}
