import { LABEL_CODE } from '@0k-sync/generated/labels';
import { concat, equal, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';

/** CPACE-RISTR255-SHA512 of draft-irtf-cfrg-cpace-21, initiator-responder, with its explicit key confirmation. CO-10. */

const DOMAIN = utf8('CPaceRistretto255');
const DOMAIN_KEY = utf8('CPaceRistretto255_ISK');
const DOMAIN_MAC = utf8('CPaceMac');
const HASH_BLOCK_BYTES = 128;

/** The context that both ends know before the exchange. */
export interface CpaceContext {
  /** PRS. */
  readonly password: Uint8Array;
  /** CI. */
  readonly channel: Uint8Array;
  readonly sid: Uint8Array;
}

/** One end's message: its share Y, 32 bytes, and its associated data AD. */
export interface CpaceMessage {
  readonly share: Uint8Array;
  readonly data: Uint8Array;
}

/** Both messages of an exchange, and the end that computes with them. */
export interface CpaceMessages {
  readonly initiator: CpaceMessage;
  readonly responder: CpaceMessage;
  readonly own: 'initiator' | 'responder';
}

/** The result of an exchange. Wipe `key` and `macKey`. */
export interface CpaceKeys {
  /** ISK, 64 bytes. */
  readonly key: Uint8Array;
  /** 64 bytes. */
  readonly macKey: Uint8Array;
}

/** CI of a code at a relay: label || NodeId. CO-10. */
export function codeChannel(nodeId: Uint8Array): Uint8Array {
  return concat(utf8(LABEL_CODE), nodeId);
}

/** The generator g, 32 bytes, that both ends' password gives. */
export function cpaceGenerator(crypto: CryptoProvider, { password, channel, sid }: CpaceContext): Uint8Array {
  const known = joined(DOMAIN).length + joined(password).length;
  const padding = new Uint8Array(Math.max(0, HASH_BLOCK_BYTES - 1 - known));
  const text = joined(DOMAIN, password, padding, channel, sid);
  const hash = crypto.sha512(text);
  const generator = crypto.ristrettoElement(hash);
  wipe(text, hash);
  return generator;
}

/** The share Y of a scalar, 32 bytes; undefined with negligible chance. */
export function cpaceShare(crypto: CryptoProvider, context: CpaceContext, scalar: Uint8Array): Uint8Array | undefined {
  const generator = cpaceGenerator(crypto, context);
  const share = crypto.ristrettoMultiply(scalar, generator);
  wipe(generator);
  return share;
}

/**
 * The keys of an exchange; undefined for a share of the other end that is not valid or is the own one. CO-13.
 *
 * @param scalar the own end's
 */
export function cpaceKeys(
  crypto: CryptoProvider,
  { sid }: CpaceContext,
  scalar: Uint8Array,
  { initiator, responder, own }: CpaceMessages,
): CpaceKeys | undefined {
  const other = own === 'initiator' ? responder : initiator;
  if (equal(initiator.share, responder.share)) return undefined;
  const shared = crypto.ristrettoMultiply(scalar, other.share);
  if (shared === undefined) return undefined;
  const text = concat(joined(DOMAIN_KEY, sid, shared), sent(initiator), sent(responder));
  const key = crypto.sha512(text);
  wipe(shared, text);
  return { key, macKey: crypto.sha512(DOMAIN_MAC, sid, key) };
}

/** The confirmation of one end's message, 64 bytes: Ta of the initiator's, Tb of the responder's. CO-14, CO-15. */
export function cpaceTag(crypto: CryptoProvider, { macKey }: CpaceKeys, message: CpaceMessage): Uint8Array {
  return crypto.hmacSha512(macKey, sent(message));
}

function sent({ share, data }: CpaceMessage): Uint8Array {
  return joined(share, data);
}

/** lv_cat: each part behind its length in LEB128. */
function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return concat(...parts.flatMap((part) => [leb128(part.length), part]));
}

function leb128(length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Uint8Array.of(...bytes, rest);
}
