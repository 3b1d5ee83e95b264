import type { ErrorName } from '@0k-sync/generated/errors';
import type { SuiteName } from '@0k-sync/generated/patterns';
import type { CryptoProvider } from '../crypto/index.ts';
import type { Draws, KeyPairs, PublicKeys } from '../noise/index.ts';

/** The settings of either end of a channel. */
export interface ChannelConfig {
  readonly crypto: CryptoProvider;
  /** Named draws of this end, in the order of HS-10. */
  readonly draws: Draws;
  /** The caller wipes them: a relay uses its own for every connection. */
  readonly staticKeys: KeyPairs;
}

/** The settings of a client's end of a channel. */
export interface InitiatorConfig extends ChannelConfig {
  readonly suite: SuiteName;
  /**
   * The pin check: undefined accepts the relay, an error name refuses it. Called before message 3 is written. HS-12.
   */
  readonly checkPeer: (peer: PeerStatics) => ErrorName | undefined;
}

/** The other end's static keys, as the handshake proved them. */
export type PeerStatics = PublicKeys;

/** The result of a handshake. */
export interface ChannelInfo {
  readonly version: 1 | 2;
  readonly peer: PeerStatics;
  /** 32 bytes; the Hello signature binds to it. SE-10. */
  readonly handshakeHash: Uint8Array;
}

/** Receives what happens on a channel: the session above it. */
export interface ChannelListener {
  /** These bytes go to the control stream; the listener owns them. */
  send(bytes: Uint8Array): void;
  /** The handshake is complete: `RecordChannel.send` may be called from now on. */
  ready(info: ChannelInfo): void;
  /** A piece of the frame stream; returns false when nothing after it may be read. */
  plaintext(bytes: Uint8Array): boolean;
  /** The channel is unusable; the close code tells the peer which error it was. */
  failed(error: ErrorName): void;
}
