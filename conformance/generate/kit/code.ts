// Short codes of spec/codes.md over the noble packages and protobufjs.
import { LABEL_BY_CODE, LABEL_CODE } from '@0k-sync/generated/labels';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { varint } from './wire.ts';

const { Point } = ristretto255;
const SUITE = 'CPaceRistretto255';
const BLOCK_BYTES = 128;

/** One end's message: its share and its associated data. */
export interface Said {
  readonly share: Uint8Array;
  readonly data: Uint8Array;
}

/** The context of a run that both ends know. */
export interface Run {
  readonly words: string;
  readonly nodeId: Uint8Array;
  readonly sid: Uint8Array;
}

/** lv_cat of CPace. */
function lv(...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...parts.flatMap((part) => [varint(part.length), part]));
}

function numberOf(scalar: Uint8Array): bigint {
  return Point.Fn.create(bytesToNumberLE(scalar));
}

/** CO-10. */
export function shareOf({ words, nodeId, sid }: Run, scalar: Uint8Array): Uint8Array {
  const password = utf8ToBytes(words);
  const begun = lv(utf8ToBytes(SUITE), password).length;
  const padding = new Uint8Array(Math.max(0, BLOCK_BYTES - 1 - begun));
  const channel = concatBytes(utf8ToBytes(LABEL_CODE), nodeId);
  const text = lv(utf8ToBytes(SUITE), password, padding, channel, sid);
  const generator = ristretto255_hasher.deriveToCurve?.(sha512(text));
  if (generator === undefined) throw new Error('noble derives no element');
  return generator.multiply(numberOf(scalar)).toBytes();
}

/** ISK of the initiator's and the responder's message. CO-10. */
export function iskOf({ sid }: Run, scalar: Uint8Array, other: Uint8Array, a: Said, b: Said): Uint8Array {
  const shared = Point.fromBytes(other).multiply(numberOf(scalar)).toBytes();
  return sha512(concatBytes(lv(utf8ToBytes(`${SUITE}_ISK`), sid, shared), lv(a.share, a.data), lv(b.share, b.data)));
}

/** CO-14, CO-15. */
export function tagOf({ sid }: Run, isk: Uint8Array, { share, data }: Said): Uint8Array {
  return hmac(sha512, sha512(concatBytes(utf8ToBytes('CPaceMac'), sid, isk)), lv(share, data));
}

/** CO-20, CO-21. */
export function sealByCode(
  { isk, xwingKey, mailboxId }: Readonly<Record<'isk' | 'xwingKey' | 'mailboxId', Uint8Array>>,
  { eseed, nonce }: Readonly<Record<'eseed' | 'nonce', Uint8Array>>,
  padded: Uint8Array,
): Uint8Array {
  const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(xwingKey, eseed);
  const info = concatBytes(utf8ToBytes(LABEL_BY_CODE), mailboxId);
  const key = hkdf(sha256, concatBytes(isk, sharedSecret), new Uint8Array(0), info, 32);
  return concatBytes(cipherText, nonce, xchacha20poly1305(key, nonce, mailboxId).encrypt(padded));
}

export function xwingKeyOf(seed: Uint8Array): Uint8Array {
  return ml_kem768_x25519.keygen(seed).publicKey;
}
