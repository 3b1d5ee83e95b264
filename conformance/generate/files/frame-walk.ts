import type { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';
import { varint } from '../kit/wire.ts';
import type { Edit } from '../mutate-wire.ts';

/** Field numbers of frame.proto that paths go through. */
export const PATHS = {
  frame: [],
  hello: [2],
  enrolment: [2, 4],
  enrolmentRecord: [2, 4, 1],
  push: [3],
  pushItem: [3, 1],
  pushEnvelope: [3, 1, 1],
  pushAck: [4],
  result: [4, 1],
  resultError: [4, 1, 3],
  conflict: [4, 1, 3, 4],
  page: [6],
  segment: [6, 1],
  segmentEnvelope: [6, 1, 3],
  error: [7],
  pull: [8],
  subscribe: [9],
  ack: [11],
  helloAck: [12],
  goAway: [16],
  deviceList: [18],
  deviceRecord: [18, 2],
  mailboxPut: [19],
  mailboxClaim: [20],
  mailboxAck: [21],
  mailboxCancel: [22],
  mailboxItem: [23],
} as const;

export type PlaceName = keyof typeof PATHS;

export function wire(place: PlaceName, edit: Edit) {
  return ['wire', 'in.bytes', { in: 'frame', within: PATHS[place], edit }] as const;
}

/** Levels at which a fault is tried: the frame, its body, and what is nested in it. */
const levels: readonly (readonly [string, string, PlaceName])[] = [
  ['frame', 'pull', 'frame'],
  ['body', 'pull', 'pull'],
  ['nested', 'push', 'pushEnvelope'],
  ['deepest', 'push-ack-refused', 'conflict'],
];

/** WI-14, and the unknown fields of WI-15. */
export function walkFaults(draft: Draft): void {
  const refuse = (slug: string, of: string, flag: string, comment: string, place: PlaceName, edit: Edit) =>
    draft.negative(slug, {
      of,
      req: ['WI-14'],
      flags: [flag],
      comment,
      reject: 'frame.parse',
      change: wire(place, edit),
    });
  for (const [level, of, place] of levels) {
    for (const [name, add, comment] of [
      ['field-number-zero', '0000', 'A field with the number 0.'],
      ['group-start', 'fb01', 'A group begins.'],
      ['group', 'fb01fc01', 'A whole empty group.'],
      ['group-end', 'fc01', 'A group ends that never began.'],
      ['wire-type-6', 'fe0100', 'Wire type 6.'],
      ['wire-type-7', 'ff0100', 'Wire type 7.'],
      ['field-number-too-high', '808080801000', 'A field with the number 2^29.'],
    ] as const) {
      refuse(`${name}-in-${level}`, of, 'LaxWireWalk', `${comment} In the ${level}.`, place, { add });
    }
  }
  unknownFields(draft);
  varints(draft, refuse);
  twice(refuse);
  wireTypes(refuse);
  strings(draft, refuse);
}

type Refuse = (slug: string, of: string, flag: string, comment: string, place: PlaceName, edit: Edit) => void;

/** They are walked and ignored where they can be walked. */
function unknownFields(draft: Draft): void {
  for (const [level, of, place] of levels) {
    for (const [name, add] of [
      ['varint', 'f80105'],
      ['fixed64', 'f9010102030405060708'],
      ['bytes', 'fa0103ffffff'],
      ['fixed32', 'fd0101020304'],
    ] as const) {
      draft.variant(`unknown-${name}-in-${level}`, of, wire(place, { add }), {
        req: ['WI-15'],
        flags: ['UnknownFieldRefused'],
        comment: `An unknown field of wire type ${name} in the ${level} is ignored.`,
      });
    }
  }
  draft.variant('unknown-field-twice', 'pull', wire('pull', { add: 'f80105f80106' }), {
    req: ['WI-15'],
    flags: ['UnknownFieldRefused'],
    comment: 'An unknown field may come twice: nobody knows whether it repeats.',
  });
  draft.variant('unknown-bytes-like-a-group', 'pull', wire('pull', { add: 'fa0102fb01' }), {
    req: ['WI-15'],
    flags: ['UnknownFieldRefused'],
    comment: 'What is inside an unknown field is not walked.',
  });
  draft.variant('unknown-field-of-the-highest-number', 'pull', wire('pull', { add: 'f8ffffff0f05' }), {
    req: ['WI-15', 'WI-14'],
    flags: ['UnknownFieldRefused'],
    comment: 'The number 2^29−1.',
  });
  draft.variant('unknown-varint-of-64-bits', 'pull', wire('pull', { add: 'f801ffffffffffffffffff01' }), {
    req: ['WI-15', 'WI-14'],
    flags: ['UnknownFieldRefused'],
    comment: 'An unknown varint may use all 64 bits.',
  });
  for (const [name, add, comment] of [
    ['fixed64-cut-short', 'f90101020304050607', 'Seven bytes where wire type 1 has eight.'],
    ['fixed32-cut-short', 'fd01010203', 'Three bytes where wire type 5 has four.'],
    ['bytes-beyond-the-end', 'fa0104ffffff', 'A length beyond the enclosing message.'],
    ['varint-missing', 'f801', 'A key without its value.'],
    ['varint-not-minimal', 'f8018500', 'A varint that is not minimal.'],
    ['varint-cut-short', 'f80185', 'A varint that goes on behind the end.'],
    ['length-not-minimal', 'fa01810000', 'A length that is not minimal.'],
  ] as const) {
    draft.negative(`unknown-${name}`, {
      of: 'pull',
      req: ['WI-14', 'WI-15'],
      flags: ['LaxWireWalk'],
      comment: `Unknown fields are walked too: ${comment.charAt(0).toLowerCase()}${comment.slice(1)}`,
      reject: 'frame.parse',
      change: wire('pull', { add }),
    });
  }
}

function varints(draft: Draft, refuse: Refuse): void {
  for (const [level, of, place] of levels) {
    const field = level === 'nested' || level === 'deepest' ? 2 : level === 'frame' ? 8 : 2;
    refuse(
      `key-not-minimal-in-${level}`,
      of,
      'VarintNotMinimal',
      `A key of a byte more than needed, in the ${level}.`,
      place,
      { longKey: field },
    );
    refuse(
      `length-not-minimal-in-${level}`,
      of,
      'VarintNotMinimal',
      `A length of a byte more than needed, in the ${level}.`,
      place,
      { longLength: field },
    );
  }
  for (const [slug, of, place, field] of [
    ['request-id-not-minimal', 'pull', 'frame', 1],
    ['cursor-not-minimal', 'ack', 'ack', 1],
    ['status-not-minimal', 'push-ack', 'result', 1],
    ['bool-not-minimal', 'page', 'page', 2],
  ] as const) {
    refuse(slug, of, 'VarintNotMinimal', 'A value of a byte more than needed.', place, { longValue: field });
  }
  for (const [slug, value, comment] of [
    ['varint-65-bits', 'ffffffffffffffffff03', 'A varint of more than 64 bits.'],
    ['varint-11-bytes', 'ffffffffffffffffffff01', 'A varint of eleven bytes.'],
    ['varint-without-end', '80808080', 'A varint that does not end in its message.'],
  ] as const) {
    refuse(slug, 'ack', 'VarintOverflow', comment, 'ack', { replace: 1, with: `08${value}` });
  }
  for (const [slug, of, place, field, declared] of [
    ['length-beyond-the-frame', 'pull', 'frame', 8, 200],
    ['length-beyond-the-body', 'pull', 'pull', 2, 33],
    ['length-beyond-the-envelope', 'push', 'pushEnvelope', 4, 65],
    ['length-huge', 'push', 'pushEnvelope', 4, 2 ** 32],
    ['length-2-pow-63', 'push', 'pushEnvelope', 4, 2 ** 63],
  ] as const) {
    refuse(slug, of, 'AllocatesByDeclaration', 'A length beyond the enclosing message.', place, {
      length: field,
      declared,
    });
  }
  draft.negative('key-without-value', {
    of: 'ack',
    req: ['WI-14'],
    flags: ['LaxWireWalk'],
    comment: 'A key, and the message ends.',
    reject: 'frame.parse',
    change: wire('ack', { replace: 1, with: '08' }),
  });
}

function twice(refuse: Refuse): void {
  for (const [slug, of, place, field, comment] of [
    ['request-id-twice', 'pull', 'frame', 1, 'Two request ids.'],
    ['body-twice', 'pull', 'frame', 8, 'The same body twice: decoders of Protocol Buffers merge them.'],
    ['hello-group-twice', 'hello', 'hello', 1, 'Two group ids.'],
    ['pull-hash-twice', 'pull', 'pull', 2, 'Two hashes.'],
    ['envelope-nonce-twice', 'push', 'pushEnvelope', 2, 'Two nonces.'],
    ['item-envelope-twice', 'push', 'pushItem', 1, 'Two envelopes in one item.'],
    ['segment-twice', 'page', 'page', 1, 'Two segments.'],
    ['error-code-twice', 'error', 'error', 1, 'Two codes.'],
    ['conflict-twice', 'push-ack-refused', 'resultError', 4, 'Two conflicting envelopes.'],
  ] as const) {
    refuse(slug, of, 'FieldTwice', comment, place, { duplicate: field });
  }
  refuse('two-bodies', 'pull', 'FieldTwice', 'Two members of the oneof: Pull and Ping.', 'frame', { add: '6a00' });
  refuse(
    'two-bodies-unlike',
    'ack',
    'FieldTwice',
    'Two members of the oneof: Ack and Hello’s key with nothing in it.',
    'frame',
    { add: '1200' },
  );
}

function wireTypes(refuse: Refuse): void {
  for (const [slug, of, place, replace, raw, comment] of [
    ['request-id-as-bytes', 'pull', 'frame', 1, '0a0103', 'The request id as bytes.'],
    ['request-id-as-fixed32', 'pull', 'frame', 1, '0d03000000', 'The request id as fixed32.'],
    ['request-id-as-fixed64', 'pull', 'frame', 1, '090300000000000000', 'The request id as fixed64.'],
    ['body-as-varint', 'pull', 'frame', 8, '4001', 'The body as a varint.'],
    ['cursor-as-fixed64', 'ack', 'ack', 1, '092900000000000000', 'A cursor as fixed64.'],
    ['hash-as-varint', 'pull', 'pull', 2, '1001', 'A hash as a varint.'],
    ['bool-as-bytes', 'page', 'page', 2, '120101', 'A bool as bytes.'],
    ['status-as-fixed32', 'push-ack', 'result', 1, '0d01000000', 'An enum as fixed32.'],
    ['results-packed', 'push-ack', 'pushAck', 1, '0801', 'A repeated message as a varint.'],
  ] as const) {
    refuse(slug, of, 'WireTypeUnchecked', comment, place, { replace, with: raw });
  }
}

function strings(draft: Draft, refuse: Refuse): void {
  for (const [slug, bytes, comment] of [
    ['utf-8-lone-continuation', '80', 'A continuation byte by itself.'],
    ['utf-8-overlong', 'c080', 'NUL in two bytes.'],
    ['utf-8-surrogate', 'eda080', 'Half of a surrogate pair.'],
    ['utf-8-cut-short', '61e282', 'A character that is cut short.'],
    ['utf-8-above-unicode', 'f4908080', 'A character above U+10FFFF.'],
    ['utf-8-latin-1', 'fc62', 'Latin-1.'],
  ] as const) {
    refuse(slug, 'hello-enrolment', 'Utf8Unchecked', `A string that is not UTF-8: ${comment}`, 'hello', {
      value: 5,
      with: bytes,
    });
  }
  for (const [slug, text, comment] of [
    ['utf-8-four-bytes', '🜁', 'A character of four bytes.'],
    ['utf-8-nul', 'a\u0000b', 'NUL is a character like others.'],
    ['utf-8-byte-order-mark', '\ufeffa', 'A byte order mark stays where it is.'],
  ] as const) {
    const bytes = Buffer.from(text, 'utf8');
    const of = draft.case('hello-enrolment');
    const [frame] = (of.expect as unknown as { ok: { frames: [{ request_id: number; hello: object }] } }).ok.frames;
    draft.variant(slug, 'hello-enrolment', wire('hello', { value: 5, with: hex(bytes) }), {
      req: ['WI-14'],
      flags: ['Utf8Unchecked'],
      comment,
      ok: { frames: [{ request_id: frame.request_id, hello: { ...frame.hello, access_token: text } }] },
    });
  }
}

/** A varint field by its number. */
export function varintField(number: number, value: number | bigint): string {
  return hex(Uint8Array.of(...varint(number * 8), ...varint(value)));
}

/** So many zero bytes, as hexadecimal. */
export function zeros(length: number): string {
  return '00'.repeat(length);
}
