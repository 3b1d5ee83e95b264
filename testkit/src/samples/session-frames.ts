import type { FrameBody } from '@0k-sync/core/wire';
import { random } from '../crypto/provider.ts';
import type { Case } from '../wire/body.ts';
import { frameSamples } from './frame-samples.ts';

/** The parts of frames that depend on the session they are sent in. */
export interface Places {
  readonly hello: FrameBody;
  readonly push: FrameBody;
  /** A mailbox, 16 bytes, and the token that claims it, 16 bytes. */
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

/** One frame of every kind that a relay answers without an Error, where it accepts the kind at all. */
export function sessionFrames({ hello, push, mailboxId, claimToken }: Places): Readonly<Record<Case, FrameBody>> {
  const { minimal } = frameSamples;
  return {
    ...minimal,
    hello,
    push,
    pull: { $case: 'pull', value: { ...minimal.pull.value, bytesMax: 1 } },
    subscribe: { $case: 'subscribe', value: { ...minimal.subscribe.value, creditBytes: 1 } },
    mailboxPut: { $case: 'mailboxPut', value: { mailboxId: random(16), payload: random(10), expiresInMs: 1000n } },
    mailboxClaim: { $case: 'mailboxClaim', value: { mailboxId, claimToken } },
    mailboxAck: { $case: 'mailboxAck', value: { mailboxId, claimToken } },
    mailboxCancel: { $case: 'mailboxCancel', value: { mailboxId } },
  };
}
