import type { ErrorName } from '@0k-sync/generated/errors';
import type { CryptoProvider } from '../crypto/index.ts';
import type { Draws, KeyPairs, PublicKeys } from '../noise/index.ts';

/** What both roles of a channel are made from. */
export interface ChannelConfig {
  readonly crypto: CryptoProvider;
  /** Named draws of this party, in the order of HS-10. */
  readonly draws: Draws;
  readonly staticKeys: KeyPairs;
}

/** The other end's statics as the handshake proved them. */
export type PeerStatics = PublicKeys;

export interface ChannelInfo {
  readonly version: 1 | 2;
  readonly peer: PeerStatics;
  /** 32 bytes; what the Hello signature binds to. SE-10. */
  readonly handshakeHash: Uint8Array;
}

/** What a channel tells the session above it. */
export interface ChannelListener {
  send(bytes: Uint8Array): void;
  ready(info: ChannelInfo): void;
  /** A piece of the frame stream; returns false when nothing after it may be read. */
  plaintext(bytes: Uint8Array): boolean;
  /** The channel is unusable; `error` is told by the close code. */
  failed(error: ErrorName): void;
}

/** The two bytes that every preface begins with. WI-01. */
export const PREFACE_MAGIC = Uint8Array.of(0x30, 0x4b);
export const PREFACE_BYTES = 4;
export const KIND_CONTROL = 0;
export const VERSION_MAX = 2;

export function preface(version: number): Uint8Array {
  return Uint8Array.of(0x30, 0x4b, version, KIND_CONTROL);
}

/** ASCII `0k-sync/<version>` and the preface. HS-01. */
export function prologue(version: number): Uint8Array {
  return Uint8Array.of(...[...`0k-sync/${version}`].map((character) => character.charCodeAt(0)), ...preface(version));
}

/** A handshake message behind its u16 length. WI-04. */
export function lengthPrefixed(message: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 + message.length);
  out[0] = message.length >> 8;
  out[1] = message.length & 0xff;
  out.set(message, 2);
  return out;
}
