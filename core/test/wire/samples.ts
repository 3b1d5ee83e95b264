import type { FrameBody } from '@0k-sync/core/wire';
import type { Envelope } from '@0k-sync/generated/wire/envelope';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

/** An envelope of the right form; it authenticates nothing. */
export function sampleEnvelope(ciphertextBytes = 272): Envelope {
  return {
    header: bytes(120, 1),
    nonce: bytes(24, 2),
    ciphertext: bytes(ciphertextBytes, 3),
    signature: bytes(64, 4),
    cursor: 5n,
    receivedAtMs: 1_700_000_000_000n,
  };
}

const record = { body: bytes(40, 5), deviceSignature: bytes(64, 6), authSignature: bytes(64, 7) };
const segment = { after: 4n, removedThrough: 4n, envelopes: [sampleEnvelope()], next: 5n, head: 9n };
const limits = {
  frameBytesMax: 1,
  ciphertextBytesMax: 2,
  requestsInFlightMax: 3,
  pushItemsMax: 4,
  pageBytesMax: 5,
  creditBytesMax: 6,
};
const error = { code: 1037, detail: 'zwei Kopien — 二', retryAfterMs: 7n, conflict: sampleEnvelope() } as const;

/** One body of every kind, every field set. */
export const sampleBodies: { readonly [Case in FrameBody['$case']]: Extract<FrameBody, { $case: Case }> } = {
  hello: {
    $case: 'hello',
    value: {
      groupId: bytes(32, 1),
      deviceKey: bytes(32, 2),
      signature: bytes(64, 3),
      enrolment: { record, authKey: bytes(32, 4) },
      accessToken: 'token',
    },
  },
  push: { $case: 'push', value: { items: [{ envelope: sampleEnvelope(), skip: true }] } },
  pushAck: {
    $case: 'pushAck',
    value: {
      results: [
        { status: 1, cursor: 5n, error: undefined },
        { status: 4, cursor: 0n, error },
      ],
      durable: true,
    },
  },
  deliver: { $case: 'deliver', value: { segment } },
  page: { $case: 'page', value: { segment, hasMore: true } },
  error: { $case: 'error', value: error },
  pull: { $case: 'pull', value: { after: 4n, hashAtAfter: bytes(32, 8), bytesMax: 65_536 } },
  subscribe: { $case: 'subscribe', value: { after: 4n, hashAtAfter: bytes(32, 8), creditBytes: 4096 } },
  credit: { $case: 'credit', value: { bytes: 4096 } },
  ack: { $case: 'ack', value: { cursor: 9_007_199_254_740_991n } },
  helloAck: {
    $case: 'helloAck',
    value: {
      head: 9n,
      floor: 1n,
      ownSequence: 3n,
      ownHash: bytes(32, 9),
      epoch: 1,
      limits,
      serverTimeMs: 1_700_000_000_000n,
      capabilities: ['a', 'b'],
      signingKey: bytes(32, 10),
    },
  },
  ping: { $case: 'ping', value: {} },
  pong: { $case: 'pong', value: { serverTimeMs: 1_700_000_000_000n } },
  bye: { $case: 'bye', value: {} },
  goAway: { $case: 'goAway', value: { code: 3001, reconnectAfterMs: 1000n } },
  listDevices: { $case: 'listDevices', value: {} },
  deviceList: { $case: 'deviceList', value: { version: 2n, records: [record, record] } },
  mailboxPut: {
    $case: 'mailboxPut',
    value: { mailboxId: bytes(16, 1), payload: bytes(300, 2), expiresInMs: 600_000n },
  },
  mailboxClaim: { $case: 'mailboxClaim', value: { mailboxId: bytes(16, 1), claimToken: bytes(16, 2) } },
  mailboxAck: { $case: 'mailboxAck', value: { mailboxId: bytes(16, 1), claimToken: bytes(16, 2) } },
  mailboxCancel: { $case: 'mailboxCancel', value: { mailboxId: bytes(16, 1) } },
  mailboxItem: {
    $case: 'mailboxItem',
    value: { state: 2, payload: bytes(300, 3), expiresAtMs: 1_700_000_000_000n },
  },
};
