import type { Enrolment } from '@0k-sync/generated/wire/frame';
import type { InitiatorConfig } from '../channel/index.ts';

/** The device that says Hello, and what it brings. SE-10. */
export interface HelloCommand {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  /** Signs the given bytes with the device key: Ed25519, 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly enrolment?: Enrolment | undefined;
  readonly accessToken?: string | undefined;
}

/** The settings of a client's session: those of its channel. */
export type ClientSessionConfig = InitiatorConfig;
