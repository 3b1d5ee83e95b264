import type { FrameBody } from '@0k-sync/core/wire';
import { type FrameName, frames } from '@0k-sync/generated/frames';
import { random } from '@0k-sync/testkit/crypto';

const EMPTY = new Uint8Array(0);
const SEGMENT = { after: 0n, removedThrough: 0n, envelopes: [], next: 0n, head: 0n };
const LIMITS = {
  frameBytesMax: 1,
  ciphertextBytesMax: 1,
  requestsInFlightMax: 1,
  pushItemsMax: 1,
  pageBytesMax: 1,
  creditBytesMax: 1,
};

/** What makes a frame right for the session it is sent in. */
export interface Places {
  readonly hello: FrameBody;
  readonly push: FrameBody;
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

/** One well-formed frame of every kind. */
export function bodyOf(name: FrameName, { hello, push, mailboxId, claimToken }: Places): FrameBody {
  const bodies: Record<FrameName, FrameBody> = {
    Hello: hello,
    Push: push,
    PushAck: { $case: 'pushAck', value: { results: [], durable: true } },
    Deliver: { $case: 'deliver', value: { segment: SEGMENT } },
    Page: { $case: 'page', value: { segment: SEGMENT, hasMore: false } },
    Error: { $case: 'error', value: { code: 1000, detail: '', retryAfterMs: 0n, conflict: undefined } },
    Pull: { $case: 'pull', value: { after: 0n, hashAtAfter: EMPTY, bytesMax: 1 } },
    Subscribe: { $case: 'subscribe', value: { after: 0n, hashAtAfter: EMPTY, creditBytes: 1 } },
    Credit: { $case: 'credit', value: { bytes: 1 } },
    Ack: { $case: 'ack', value: { cursor: 0n } },
    HelloAck: {
      $case: 'helloAck',
      value: {
        head: 0n,
        floor: 0n,
        ownSequence: 0n,
        ownHash: EMPTY,
        epoch: 0,
        limits: LIMITS,
        serverTimeMs: 0n,
        capabilities: [],
        signingKey: random(32),
      },
    },
    Ping: { $case: 'ping', value: {} },
    Pong: { $case: 'pong', value: { serverTimeMs: 0n } },
    Bye: { $case: 'bye', value: {} },
    GoAway: { $case: 'goAway', value: { code: 3001, reconnectAfterMs: 0n } },
    ListDevices: { $case: 'listDevices', value: {} },
    DeviceList: { $case: 'deviceList', value: { version: 0n, records: [] } },
    MailboxPut: { $case: 'mailboxPut', value: { mailboxId: random(16), payload: random(10), expiresInMs: 1000n } },
    MailboxClaim: { $case: 'mailboxClaim', value: { mailboxId, claimToken } },
    MailboxAck: { $case: 'mailboxAck', value: { mailboxId, claimToken } },
    MailboxCancel: { $case: 'mailboxCancel', value: { mailboxId } },
    MailboxItem: { $case: 'mailboxItem', value: { state: 1, payload: EMPTY, expiresAtMs: 0n } },
  };
  return bodies[name];
}

export const frameNames = Object.keys(frames) as readonly FrameName[];

/** Whether a relay in that state takes this frame of a client. SE-02. */
export function isAccepted(name: FrameName, state: string): boolean {
  const { from, states } = frames[name];
  return from === 'client' && (states as readonly string[]).includes(state);
}

/** Whether a frame is owed an answer. SE-04. */
export function isAnswered(name: FrameName): boolean {
  return frames[name].answer.length > 0;
}
