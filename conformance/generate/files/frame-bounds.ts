// Bounds from both sides, and forms that hide behind another fault. WI-14 to WI-18.
import type { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';
import { frameBytes } from '../kit/wire.ts';
import type { Json, JsonObject } from '../model.ts';
import { type Edit, editWire } from '../mutate-wire.ts';
import { PATHS, type PlaceName, varintField, wire, zeros } from './frame-walk.ts';

const MAILBOX_PAYLOAD_BYTES_MAX = 128 * 1024;

export function boundFaults(draft: Draft): void {
  walks(draft);
  values(draft);
  texts(draft);
  items(draft);
  payloads(draft);
}

function refusal(draft: Draft, req: string) {
  return (slug: string, of: string, flag: string, comment: string, place: PlaceName, edit: Edit) =>
    draft.negative(slug, { of, req: [req], flags: [flag], comment, reject: 'frame.parse', change: wire(place, edit) });
}

function walks(draft: Draft): void {
  const refuse = refusal(draft, 'WI-14');
  for (const [slug, raw, comment] of [
    ['wire-type-6-alone', 'fe01', 'Wire type 6 without anything behind it.'],
    ['wire-type-7-alone', 'ff01', 'Wire type 7 without anything behind it.'],
    ['unknown-varint-two-bytes-too-long', 'f801858000', 'An unknown varint of two bytes more than it needs.'],
    ['unknown-varint-tenth-byte-zero', 'f801ffffffffffffffffff00', 'An unknown varint whose tenth byte is 0.'],
    ['unknown-varint-65-bits', 'f801ffffffffffffffffff03', 'An unknown varint of 65 bits.'],
    ['unknown-varint-11-bytes', 'f80180808080808080808080' + '01', 'An unknown varint of eleven bytes.'],
    ['field-number-2-pow-29-plus-31', 'f8818080' + '1005', 'A field number that is 31 where keys have 32 bits.'],
    ['unknown-length-2-pow-32', 'fa018080808010', 'A length that is 0 where it has 32 bits.'],
  ] as const) {
    refuse(slug, 'pull', slug.includes('varint') ? 'VarintOverflow' : 'LaxWireWalk', comment, 'pull', { add: raw });
  }
  for (const [slug, of, place, replace, raw, comment] of [
    ['token-as-fixed32', 'hello-enrolment', 'hello', 5, '2d61626364', 'A string as fixed32.'],
    ['payload-as-fixed64', 'mailbox-put', 'mailboxPut', 2, '116162636465666768', 'Bytes as fixed64.'],
  ] as const) {
    refuse(slug, of, 'WireTypeUnchecked', comment, place, { replace, with: raw });
  }
  for (const [slug, of, place, field, comment] of [
    ['has-more-twice', 'page', 'page', 2, 'A bool twice.'],
    ['cursor-twice', 'ack', 'ack', 1, 'A cursor twice.'],
    ['token-twice', 'hello-enrolment', 'hello', 5, 'A string twice.'],
  ] as const) {
    refuse(slug, of, 'FieldTwice', comment, place, { duplicate: field });
  }
  draft.negative('length-2-pow-32-plus-4', {
    of: 'ping',
    req: ['WI-10'],
    flags: ['AllocatesByDeclaration'],
    comment: 'A length that fits the frame where it has 32 bits.',
    reject: 'frame.length',
    change: ['set', 'in.bytes', '8480808010' + '080a6a00'],
  });
}

function values(draft: Draft): void {
  for (const [slug, of, body, place, field] of [
    ['mailbox-state', 'mailbox-item', 'mailbox_item', 'mailboxItem', 'state'],
    ['error-code', 'error', 'error', 'error', 'code'],
  ] as const) {
    const frame = frameOf(draft, of);
    const { [field]: _, ...rest } = frame[body] as JsonObject;
    const unspecified = { in: 'frame', within: PATHS[place], edit: { replace: 1, with: '0800' } } as const;
    draft.positive(`${slug}-zero-written-by-a-client`, {
      req: ['WI-19'],
      flags: ['UnknownEnumRefused'],
      comment: 'UNSPECIFIED is a value with a name, also where it is written out.',
      in: { bytes: editWire(String(draft.case(of).in['bytes']), unspecified), from: 'client' },
      ok: { frames: [{ ...frame, [body]: rest }] },
    });
  }
  draft.negative('error-code-2-pow-32', {
    of: 'error',
    req: ['WI-16'],
    flags: ['IntegerCutOff'],
    comment: 'A code that is 0 where it is cut off.',
    reject: 'frame.parse',
    change: wire('error', { replace: 1, with: varintField(1, 2 ** 32) }),
  });
}

function texts(draft: Draft): void {
  const hello = frameOf(draft, 'hello-enrolment');
  for (const [slug, text, comment] of [
    ['utf-8-noncharacter', 'a\uffff\ufdd0', 'Code points that Unicode keeps free are characters too.'],
    ['utf-8-decomposed', 'u\u0308', 'Nothing is composed: a string stays as it is.'],
  ] as const) {
    const bytes = Buffer.from(text, 'utf8').toString('hex');
    draft.variant(slug, 'hello-enrolment', wire('hello', { value: 5, with: bytes }), {
      req: ['WI-14'],
      flags: ['Utf8Unchecked'],
      comment,
      ok: { frames: [{ ...hello, hello: { ...(hello['hello'] as JsonObject), access_token: text } }] },
    });
  }
}

/** WI-17: as many as there can be. Header and ciphertext of an envelope may be absent here: the items are small. */
function items(draft: Draft): void {
  const most = (slug: string, of: string, place: PlaceName, number: number, times: number, frame: JsonObject) =>
    draft.variant(slug, of, wire(place, { repeat: number, times }), {
      req: ['WI-17'],
      flags: ['ItemsUncounted'],
      comment: 'As many items as there can be.',
      ok: { frames: [frame] },
    });
  const small = { nonce: zeros(24), signature: zeros(64) };
  const envelope = `1218${zeros(24)}2240${zeros(64)}`;
  const pushed = { request_id: 2, push: { items: [{ envelope: small }] } };
  draft.variant('push-of-a-small-envelope', 'push-empty', wire('push', { add: `0a5e0a5c${envelope}` }), {
    req: ['WI-18', 'EN-04'],
    flags: ['EnvelopeJudgedByFrame'],
    comment: 'Header and ciphertext of a pushed envelope are judged later: absent ones pass the walk.',
    ok: { frames: [pushed] },
  });
  most('256-push-items', 'push-of-a-small-envelope', 'push', 1, 255, {
    ...pushed,
    push: { items: Array.from({ length: 256 }, () => ({ envelope: small })) },
  });
  const page = frameOf(draft, 'page-of-small-envelopes');
  const one = { ...small, cursor: '1' };
  most('1024-segment-envelopes', 'page-of-small-envelopes', 'segment', 3, 1023, {
    ...page,
    page: { segment: { envelopes: Array.from({ length: 1024 }, () => one) } },
  });
  most(
    '32-capabilities',
    'hello-ack',
    'helloAck',
    8,
    30,
    repeated(draft, 'hello-ack', 'hello_ack', 'capabilities', 30),
  );
  most(
    '64-device-records',
    'device-list',
    'deviceList',
    2,
    62,
    repeated(draft, 'device-list', 'device_list', 'records', 62),
  );
}

/** Both with the payload last, so that one byte and three lengths make the difference. */
function payloads(draft: Draft): void {
  const payload = zeros(MAILBOX_PAYLOAD_BYTES_MAX);
  for (const [slug, body, from, before] of [
    ['mailbox-put', 'mailbox_put', 'client', { mailbox_id: zeros(16) }],
    ['mailbox-item', 'mailbox_item', 'relay', { state: 2 }],
  ] as const) {
    const frame = { request_id: 6, [body]: { ...before, payload } };
    const longest = hex(frameBytes(frame));
    draft.positive(`${slug}-payload-of-128-kib`, {
      req: ['WI-18', 'LI-19'],
      flags: ['FieldLengthUnchecked'],
      comment: 'The longest payload.',
      in: { bytes: longest, from },
      ok: { frames: [frame] },
    });
    const longer = hex(frameBytes({ ...frame, [body]: { ...before, payload: `${payload}00` } }));
    draft.negative(`${slug}-payload-of-a-byte-more`, {
      of: `${slug}-payload-of-128-kib`,
      req: ['WI-18', 'LI-19'],
      flags: ['FieldLengthUnchecked'],
      comment: 'A payload of a byte more than 128 KiB; all lengths are right.',
      reject: 'frame.parse',
      change: ['overwrite', 'in.bytes', { at: 0, with: longer.slice(0, longest.length - payload.length) }],
      and: ['extend', 'in.bytes', '00'],
    });
  }
}

function frameOf(draft: Draft, slug: string): JsonObject {
  const [frame] = (draft.case(slug).expect as unknown as { ok: { frames: [JsonObject] } }).ok.frames;
  return frame;
}

function listOf(frame: JsonObject, body: string, name: string): readonly Json[] {
  return (frame[body] as JsonObject)[name] as readonly Json[];
}

/** The frame of a case with the last item of a list so many times more. */
function repeated(draft: Draft, slug: string, body: string, name: string, times: number): JsonObject {
  const frame = frameOf(draft, slug);
  const list = listOf(frame, body, name);
  const all = [...list, ...Array.from({ length: times }, () => list.at(-1) ?? null)];
  return { ...frame, [body]: { ...(frame[body] as JsonObject), [name]: all } };
}
