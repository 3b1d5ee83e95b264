import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import type { DeviceKeys, EpochKeys } from '../group/index.ts';
import { type Content, contentTypeOf, encodeContent } from './content.ts';
import { bodyHash, stubHash } from './hash.ts';
import { pad } from './padding.ts';
import { ENVELOPE_VERSION, NONCE_BYTES, type ParsedHeader } from './parse.ts';

/** An envelope's place in its sender's chain. EN-08. */
export interface ChainPlace {
  /** The sequence, from 1. */
  readonly sequence: number;
  /** H of the envelope before, 32 bytes; `NO_HASH` for sequence 1. */
  readonly previous: Uint8Array;
}

/** A sealed envelope, ready to be pushed. */
export interface SealedEnvelope {
  /** Cursor and received_at_ms are 0, because the relay sets them. */
  readonly envelope: Envelope;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** A sealed envelope with what its stub has of the body. */
export interface SealedPlaintext extends SealedEnvelope {
  /** B, 32 bytes. EN-12. */
  readonly bodyHash: Uint8Array;
}

/** The keys that seal: those of the sender, and those of the epoch. */
export interface SealingKeys {
  readonly device: DeviceKeys;
  readonly epoch: EpochKeys;
}

/** An encoded content. */
export interface Plaintext {
  readonly contentType: ParsedHeader['contentType'];
  /** The bytes that `encodeContent` gave. */
  readonly plaintext: Uint8Array;
}

/** Encodes the one header, canonical, that says this. `groupId` has 32 bytes. EN-03. */
export function encodeHeader(groupId: Uint8Array, { sequence, ...fields }: ParsedHeader): Uint8Array {
  return EnvelopeHeader.encode({ version: ENVELOPE_VERSION, groupId, sequence: BigInt(sequence), ...fields }).finish();
}

/**
 * Seals and signs one content. EN-10 to EN-12. Never seal twice for one place: keep the bytes and send them again.
 * CL-22. Throws a RangeError for content above its limits.
 */
export function sealEnvelope(
  crypto: CryptoProvider,
  random: RandomSource,
  keys: SealingKeys,
  place: ChainPlace,
  content: Content,
): SealedEnvelope {
  const encoded = { contentType: contentTypeOf(content), plaintext: encodeContent(content) };
  return sealPlaintext(crypto, random, keys, place, encoded);
}

/** Seals and signs as `sealEnvelope` does, a content that is encoded already. EN-10 to EN-12. */
export function sealPlaintext(
  crypto: CryptoProvider,
  random: RandomSource,
  keys: SealingKeys,
  { sequence, previous }: ChainPlace,
  { contentType, plaintext }: Plaintext,
): SealedPlaintext {
  const { groupId, epoch } = keys.epoch;
  const senderKey = keys.device.deviceKey;
  const header = encodeHeader(groupId, { senderKey, sequence, previous, epoch, contentType });
  const nonce = random(NONCE_BYTES);
  const ciphertext = keys.epoch.seal(nonce, header, pad(plaintext));
  const body = bodyHash(crypto, { nonce, ciphertext });
  const hash = stubHash(crypto, { header, bodyHash: body });
  const signature = keys.device.sign(hash);
  const envelope = { header, nonce, ciphertext, signature, cursor: 0n, receivedAtMs: 0n };
  return { envelope, hash, bodyHash: body };
}
