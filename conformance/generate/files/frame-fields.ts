import type { Draft } from '../draft.ts';
import type { JsonObject } from '../model.ts';
import { type PlaceName, varintField, wire, zeros } from './frame-walk.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

/** WI-15: a frame has a body that is known. */
export function typeFaults(draft: Draft): void {
  for (const [slug, change, comment] of [
    [
      'no-body',
      ['wire', 'in.bytes', { in: 'frame', within: [], edit: { remove: 13 } }],
      'A request id and nothing else.',
    ],
    [
      'unknown-body',
      ['wire', 'in.bytes', { in: 'frame', within: [], edit: { replace: 13, with: 'c20100' } }],
      'A body that nobody knows yet.',
    ],
    ['only-an-unknown-field', ['set', 'in.bytes', '03f80101'], 'A frame of one unknown field.'],
    ['request-id-zero-alone', ['set', 'in.bytes', '020800'], 'A frame that says its default.'],
  ] as const) {
    draft.negative(slug, {
      of: 'ping',
      req: ['WI-15'],
      flags: ['FrameWithoutBody'],
      comment,
      reject: 'frame.type',
      change,
    });
  }
}

/** WI-16 and WI-19: values of varint fields. */
export function valueFaults(draft: Draft): void {
  for (const [slug, of, place, number, value, comment] of [
    ['request-id-2-pow-32', 'pull', 'frame', 1, 2 ** 32, 'A uint32 above 2^32−1: decoders cut it off.'],
    ['request-id-2-pow-53', 'pull', 'frame', 1, 2n ** 53n, 'A uint32 of 2^53.'],
    ['bytes-max-2-pow-32', 'pull', 'pull', 3, 2 ** 32, 'bytes_max above 2^32−1.'],
    ['epoch-2-pow-32', 'hello-ack', 'helloAck', 5, 2 ** 32, 'An epoch above 2^32−1.'],
    ['cursor-2-pow-53', 'ack', 'ack', 1, BigInt(SAFE_MAX) + 1n, 'A cursor of 2^53.'],
    ['cursor-2-pow-64-minus-1', 'ack', 'ack', 1, 2n ** 64n - 1n, 'A cursor of 2^64−1.'],
    ['envelope-cursor-2-pow-53', 'page', 'segmentEnvelope', 5, BigInt(SAFE_MAX) + 1n, 'An envelope’s cursor of 2^53.'],
    ['segment-head-2-pow-53', 'page', 'segment', 5, BigInt(SAFE_MAX) + 1n, 'A head of 2^53.'],
    ['expires-in-2-pow-53', 'mailbox-put', 'mailboxPut', 3, BigInt(SAFE_MAX) + 1n, 'A duration of 2^53.'],
    ['has-more-2', 'page', 'page', 2, 2, 'A bool of 2.'],
    ['skip-2-pow-32', 'push-two-items', 'pushItem', 2, 2 ** 32, 'A bool of 2^32.'],
    ['status-2-pow-32', 'push-ack', 'result', 1, 2 ** 32, 'An enum above 2^32−1.'],
    ['code-2-pow-32', 'error', 'error', 1, 2 ** 32 + 2000, 'An enum that is RATE_LIMITED when it is cut off.'],
  ] as const) {
    draft.negative(slug, {
      of,
      req: ['WI-16'],
      flags: ['IntegerCutOff'],
      comment,
      reject: 'frame.parse',
      change: wire(place, { replace: number, with: varintField(number, value) }),
    });
  }
  for (const [slug, of, place, number, value] of [
    ['mailbox-state-9', 'mailbox-item', 'mailboxItem', 1, 9],
    ['push-status-5', 'push-ack', 'result', 1, 5],
    ['error-code-1500', 'error', 'error', 1, 1500],
    ['go-away-code-3999', 'go-away', 'goAway', 1, 3999],
  ] as const) {
    const change = wire(place, { replace: number, with: varintField(number, value) });
    draft.variant(`${slug}-from-a-relay`, of, change, {
      req: ['WI-19'],
      flags: ['UnknownEnumRefused'],
      comment: 'A relay may know more values than this end.',
      ok: { frames: [withEnum(framesOf(draft, of), slug, value)] },
    });
    draft.negative(`${slug}-from-a-client`, {
      of,
      req: ['WI-19'],
      flags: ['UnknownEnumAccepted'],
      comment: 'A value that the schema does not name, from a client.',
      reject: 'frame.parse',
      change,
      and: ['set', 'in.from', 'client'],
    });
  }
}

function framesOf(draft: Draft, slug: string): JsonObject {
  const [frame] = (draft.case(slug).expect as unknown as { ok: { frames: [JsonObject] } }).ok.frames;
  return frame;
}

function withEnum(frame: JsonObject, slug: string, value: number): JsonObject {
  const [body = ''] = Object.keys(frame).filter((name) => name !== 'request_id');
  const fields = frame[body] as JsonObject;
  if (slug.startsWith('push-status')) {
    const results = fields['results'] as readonly JsonObject[];
    const last = { ...results.at(-1), status: value };
    return { ...frame, [body]: { ...fields, results: [...results.slice(0, -1), last] } };
  }
  return { ...frame, [body]: { ...fields, [slug.startsWith('mailbox') ? 'state' : 'code']: value } };
}

/** WI-18: fixed lengths, greatest lengths. WI-20: messages that have to be given. */
export function fieldFaults(draft: Draft): void {
  const refuse = (
    slug: string,
    of: string,
    req: string,
    flag: string,
    comment: string,
    change: ReturnType<typeof wire>,
  ) => draft.negative(slug, { of, req: [req], flags: [flag], comment, reject: 'frame.parse', change });
  for (const [name, of, place, number, length] of fixedFields) {
    for (const [slug, actual, comment] of [
      ['short', length - 1, `${length - 1} bytes.`],
      ['long', length + 1, `${length + 1} bytes.`],
    ] as const) {
      refuse(
        `${name}-${slug}`,
        of,
        'WI-18',
        'FieldLengthUnchecked',
        `A field of ${length} bytes with ${comment}`,
        wire(place, { value: number, with: zeros(actual) }),
      );
    }
    if (optional.includes(name)) continue;
    refuse(
      `${name}-absent`,
      of,
      'WI-18',
      'FieldLengthUnchecked',
      `A field of ${length} bytes that is not there.`,
      wire(place, { remove: number }),
    );
  }
  for (const [slug, of, place, number] of [
    ['nonce-empty', 'push', 'pushEnvelope', 2],
    ['group-id-empty', 'hello', 'hello', 1],
  ] as const) {
    refuse(
      slug,
      of,
      'WI-18',
      'FieldLengthUnchecked',
      'A field of fixed length that is there and empty.',
      wire(place, { value: number, with: '' }),
    );
  }
  for (const [slug, of, place, number, max] of [
    ['access-token', 'hello-enrolment', 'hello', 5, 256],
    ['detail', 'error', 'error', 2, 256],
  ] as const) {
    const [body = ''] = Object.keys(framesOf(draft, of)).filter((name) => name !== 'request_id');
    const member = slug.replace('-', '_');
    const fields = framesOf(draft, of)[body] as JsonObject;
    draft.variant(`${slug}-of-${max}-bytes`, of, wire(place, { value: number, with: '61'.repeat(max) }), {
      req: ['WI-18'],
      comment: `A text of ${max} bytes is the longest.`,
      ok: { frames: [{ ...framesOf(draft, of), [body]: { ...fields, [member]: 'a'.repeat(max) } }] },
    });
    refuse(
      `${slug}-of-${max + 1}-bytes`,
      of,
      'WI-18',
      'FieldLengthUnchecked',
      `A text of ${max + 1} bytes.`,
      wire(place, { value: number, with: '61'.repeat(max + 1) }),
    );
    refuse(
      `${slug}-of-too-many-bytes-in-few-characters`,
      of,
      'WI-18',
      'FieldLengthUnchecked',
      'Bytes count, not characters.',
      wire(place, { value: number, with: 'c3a4'.repeat(max / 2 + 1) }),
    );
  }
  for (const [slug, of, place, number, comment] of [
    ['item-without-envelope', 'push', 'pushItem', 1, 'A PushItem without its envelope.'],
    ['page-without-segment', 'page', 'page', 1, 'A Page without its segment.'],
    ['hello-ack-without-limits', 'hello-ack', 'helloAck', 6, 'A HelloAck without limits.'],
    ['enrolment-without-record', 'hello-enrolment', 'enrolment', 1, 'An Enrolment without its record.'],
  ] as const) {
    refuse(slug, of, 'WI-20', 'MessageAbsent', comment, wire(place, { remove: number }));
  }
  draft.negative('deliver-without-segment', {
    of: 'deliver',
    req: ['WI-20'],
    flags: ['MessageAbsent'],
    comment: 'A Deliver without its segment.',
    reject: 'frame.parse',
    change: ['wire', 'in.bytes', { in: 'frame', within: [5], edit: { remove: 1 } }],
  });
}

const fixedFields: readonly (readonly [string, string, PlaceName, number, number])[] = [
  ['hello-group-id', 'hello', 'hello', 1, 32],
  ['hello-device-key', 'hello', 'hello', 2, 32],
  ['hello-signature', 'hello', 'hello', 3, 64],
  ['enrolment-auth-key', 'hello-enrolment', 'enrolment', 2, 32],
  ['enrolment-device-signature', 'hello-enrolment', 'enrolmentRecord', 2, 64],
  ['push-nonce', 'push', 'pushEnvelope', 2, 24],
  ['push-signature', 'push', 'pushEnvelope', 4, 64],
  ['pull-hash', 'pull', 'pull', 2, 32],
  ['own-hash', 'hello-ack', 'helloAck', 4, 32],
  ['signing-key', 'hello-ack', 'helloAck', 9, 32],
  ['segment-nonce', 'page', 'segmentEnvelope', 2, 24],
  ['conflict-signature', 'push-ack-refused', 'conflict', 4, 64],
  ['put-mailbox-id', 'mailbox-put', 'mailboxPut', 1, 16],
  ['claim-mailbox-id', 'mailbox-claim', 'mailboxClaim', 1, 16],
  ['ack-mailbox-id', 'mailbox-ack', 'mailboxAck', 1, 16],
  ['ack-claim-token', 'mailbox-ack', 'mailboxAck', 2, 16],
  ['cancel-mailbox-id', 'mailbox-cancel', 'mailboxCancel', 1, 16],
  ['subscribe-hash', 'subscribe', 'subscribe', 2, 32],
  ['claim-token', 'mailbox-claim', 'mailboxClaim', 2, 16],
  ['list-auth-signature', 'device-list', 'deviceRecord', 3, 64],
];
/** Fields of fixed length that may be empty. */
const optional = ['pull-hash', 'own-hash', 'subscribe-hash'];

/** WI-17: repeated fields are counted while they are walked. */
export function limitFaults(draft: Draft): void {
  for (const [slug, of, place, number, max, present] of [
    ['push-items', 'push', 'push', 1, 256, 1],
    ['push-results', 'push-ack', 'pushAck', 1, 256, 2],
    ['device-records', 'device-list', 'deviceList', 2, 64, 2],
    ['capabilities', 'hello-ack', 'helloAck', 8, 32, 2],
    ['segment-envelopes', 'page-of-small-envelopes', 'segment', 3, 1024, 1],
  ] as const) {
    if (slug === 'segment-envelopes') smallPage(draft);
    draft.negative(`${max + 1}-${slug}`, {
      of,
      req: ['WI-17'],
      flags: ['ItemsUncounted'],
      comment: `One more than ${max}.`,
      reject: 'resource.limit',
      change: wire(place, { repeat: number, times: max - present + 1 }),
    });
  }
  const page = framesOf(draft, 'push-ack');
  const results = (page['push_ack'] as JsonObject)['results'] as readonly JsonObject[];
  draft.variant('256-push-results', 'push-ack', wire('pushAck', { repeat: 1, times: 254 }), {
    req: ['WI-17'],
    flags: ['ItemsUncounted'],
    comment: 'As many results as there can be.',
    ok: {
      frames: [
        {
          ...page,
          push_ack: {
            results: [...results, ...Array.from({ length: 254 }, () => results.at(-1) ?? {})],
            durable: true,
          },
        },
      ],
    },
  });
}

/** The walk of a frame does not judge header and ciphertext: envelopes may be small here. */
function smallPage(draft: Draft): void {
  const small = { nonce: zeros(24), signature: zeros(64), cursor: '1' };
  const nonce = `1218${zeros(24)}`;
  const envelope = `${nonce}2240${zeros(64)}2801`;
  const length = envelope.length / 2;
  draft.variant(
    'page-of-small-envelopes',
    'page-empty',
    wire('segment', { add: `1a${length.toString(16)}${envelope}` }),
    {
      req: ['WI-18', 'EN-04'],
      flags: ['EnvelopeJudgedByFrame'],
      comment: 'Header and ciphertext of an envelope are judged one by one later: absent ones pass the walk.',
      ok: { frames: [{ request_id: 3, page: { segment: { envelopes: [small] } } }] },
    },
  );
}
