import type { Enrolment } from '@0k-sync/generated/wire/frame';
import type { InitiatorConfig } from '../channel/index.ts';

/** Who says Hello. */
export interface HelloCommand {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  /** Ed25519 over the given bytes by the device key; 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly enrolment?: Enrolment | undefined;
  readonly accessToken?: string | undefined;
}

/** What a client's session is made from: all of it is for its channel. */
export type ClientSessionConfig = InitiatorConfig;
