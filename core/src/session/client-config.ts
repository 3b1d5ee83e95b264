import type { ErrorName } from '@0k-sync/generated/errors';
import type { SuiteName } from '@0k-sync/generated/patterns';
import type { Enrolment } from '@0k-sync/generated/wire/frame';
import type { ChannelConfig, PeerStatics } from './channel.ts';

/** Who says Hello. */
export interface HelloCommand {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  /** Ed25519 over the given bytes by the device key; 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly enrolment?: Enrolment | undefined;
  readonly accessToken?: string | undefined;
}

export interface ClientSessionConfig extends ChannelConfig {
  readonly suite: SuiteName;
  /** The pin check of HS-12: undefined accepts, an error name refuses. */
  readonly checkPeer: (peer: PeerStatics) => ErrorName | undefined;
}
