import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';

export type Sender = 'client' | 'relay';

/** A frame of each kind, used by encode and decode alike. */
export interface Sample {
  readonly slug: string;
  readonly from: Sender;
  readonly frame: JsonObject;
}

export const U32_MAX = 2 ** 32 - 1;
export const SAFE_MAX = String(Number.MAX_SAFE_INTEGER);

/** Labelled by the sample: encode and decode share it. */
function bytes(name: string, length: number): string {
  return hex(labelled('frames/sample', name, length));
}

export function envelope(name: string, more: JsonObject = {}): JsonObject {
  return {
    header: bytes(`${name}/header`, 147),
    nonce: bytes(`${name}/nonce`, 24),
    ciphertext: bytes(`${name}/ciphertext`, 272),
    signature: bytes(`${name}/signature`, 64),
    ...more,
  };
}

function record(name: string): JsonObject {
  return {
    body: bytes(`${name}/body`, 90),
    device_signature: bytes(`${name}/device_signature`, 64),
    auth_signature: bytes(`${name}/auth_signature`, 64),
  };
}

const hello = {
  group_id: bytes('hello/group_id', 32),
  device_key: bytes('hello/device_key', 32),
  signature: bytes('hello/signature', 64),
};
const limits = {
  frame_bytes_max: 1_048_576,
  ciphertext_bytes_max: 262_160,
  requests_in_flight_max: 256,
  push_items_max: 256,
  page_bytes_max: 524_288,
  credit_bytes_max: 4_194_304,
};
const segment = {
  after: '4',
  removed_through: '5',
  envelopes: [
    envelope('segment/0', { cursor: '6', received_at_ms: '1770000000000' }),
    envelope('segment/1', { cursor: '7', received_at_ms: '1770000000001' }),
  ],
  next: '7',
  head: '9',
};
const mailboxId = bytes('mailbox_id', 16);
const claimToken = bytes('claim_token', 16);

const client: Readonly<Record<string, JsonObject>> = {
  hello: { request_id: 1, hello },
  'hello-enrolment': {
    request_id: 1,
    hello: {
      ...hello,
      enrolment: { record: record('enrolment'), auth_key: bytes('auth_key', 32) },
      access_token: 'token of the relay',
    },
  },
  push: { request_id: 2, push: { items: [{ envelope: envelope('push/0') }] } },
  'push-two-items': {
    request_id: 2,
    push: { items: [{ envelope: envelope('push/0') }, { envelope: envelope('push/1'), skip: true }] },
  },
  'push-empty': { request_id: 2, push: {} },
  pull: { request_id: 3, pull: { after: '12', hash_at_after: bytes('hash_at_after', 32), bytes_max: 65_536 } },
  'pull-from-the-start': { request_id: 3, pull: { bytes_max: 524_288 } },
  subscribe: {
    request_id: 4,
    subscribe: { after: '12', hash_at_after: bytes('hash_at_after', 32), credit_bytes: 1_000_000 },
  },
  'subscribe-from-the-start': { request_id: 4, subscribe: { credit_bytes: 524_288 } },
  credit: { credit: { bytes: 65_536 } },
  ack: { ack: { cursor: '41' } },
  'ack-largest': { request_id: U32_MAX, ack: { cursor: SAFE_MAX } },
  'list-devices': { request_id: 5, list_devices: {} },
  'mailbox-put': {
    request_id: 6,
    mailbox_put: { mailbox_id: mailboxId, payload: bytes('payload', 100), expires_in_ms: '600000' },
  },
  'mailbox-claim': { request_id: 7, mailbox_claim: { mailbox_id: mailboxId, claim_token: claimToken } },
  'mailbox-ack': { request_id: 8, mailbox_ack: { mailbox_id: mailboxId, claim_token: claimToken } },
  'mailbox-cancel': { request_id: 9, mailbox_cancel: { mailbox_id: mailboxId } },
  ping: { request_id: 10, ping: {} },
  bye: { bye: {} },
};

const relay: Readonly<Record<string, JsonObject>> = {
  'hello-ack': {
    request_id: 1,
    hello_ack: {
      head: '9',
      floor: '5',
      own_sequence: '3',
      own_hash: bytes('own_hash', 32),
      epoch: 1,
      limits,
      server_time_ms: '1770000000000',
      capabilities: ['mailbox', 'größer'],
      signing_key: bytes('signing_key', 32),
    },
  },
  'hello-ack-new-group': { request_id: 1, hello_ack: { limits: {}, signing_key: bytes('signing_key', 32) } },
  'push-ack': {
    request_id: 2,
    push_ack: {
      results: [
        { status: 1, cursor: '8' },
        { status: 2, cursor: '3' },
      ],
      durable: true,
    },
  },
  'push-ack-refused': {
    request_id: 2,
    push_ack: {
      results: [
        { status: 3 },
        {
          status: 4,
          error: {
            code: 1037,
            detail: 'Another envelope has this sequence already.',
            conflict: envelope('conflict', { cursor: '5' }),
          },
        },
      ],
    },
  },
  page: { request_id: 3, page: { segment, has_more: true } },
  'page-empty': { request_id: 3, page: { segment: {} } },
  deliver: { request_id: 4, deliver: { segment } },
  'device-list': { request_id: 5, device_list: { version: '2', records: [record('first'), record('second')] } },
  'device-list-empty': { request_id: 5, device_list: {} },
  'mailbox-item': {
    request_id: 7,
    mailbox_item: { state: 2, payload: bytes('payload', 100), expires_at_ms: '1770000600000' },
  },
  pong: { request_id: 10, pong: { server_time_ms: '1770000000000' } },
  'go-away': { go_away: { code: 3001, reconnect_after_ms: '1500' } },
  error: { request_id: 3, error: { code: 2000, detail: 'Too much at once.', retry_after_ms: '250' } },
  'error-of-nothing': { error: {} },
};

export const samples: readonly Sample[] = [
  ...Object.entries(client).map(([slug, frame]) => ({ slug, from: 'client' as const, frame })),
  ...Object.entries(relay).map(([slug, frame]) => ({ slug, from: 'relay' as const, frame })),
];
