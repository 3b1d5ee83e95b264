import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';

const COUNTER_MAX = 2n ** 64n - 1n;
const PLAINTEXT_BYTES_MAX = 65_535 - 16;
const LARGEST = 'The largest record: 65,535 bytes of ciphertext.';
const SAMPLES: readonly (readonly [string, bigint, number])[] = [
  ['one-byte', 0n, 1],
  ['counter-1', 1n, 40],
  ['counter-256', 256n, 40],
  ['counter-2-pow-32', 2n ** 32n, 40],
  ['counter-2-pow-53', 2n ** 53n + 1n, 40],
  ['counter-last', COUNTER_MAX - 1n, 40],
];

/** A record by RFC 8439 and HS-09: 4 zero bytes, then n little-endian. */
function seal(
  key: Uint8Array,
  n: bigint,
  plaintext: Uint8Array,
  ad = new Uint8Array(0),
  bigEndian = false,
): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, n, !bigEndian);
  const ciphertext = chacha20poly1305(key, nonce, ad).encrypt(plaintext);
  return concatBytes(Uint8Array.of(ciphertext.length >> 8, ciphertext.length & 255), ciphertext);
}

function sample(id: string, n: bigint, length: number) {
  const [key, plaintext] = [labelled(id, 'key'), labelled(id, 'plaintext', length)];
  return { key, plaintext, record: seal(key, n, plaintext) };
}

export function recordSealFile(): Draft {
  const draft = new Draft('records/seal', 'record.seal');
  for (const [slug, n, length] of SAMPLES) {
    const { key, plaintext, record } = sample(draft.id(slug), n, length);
    draft.positive(slug, {
      req: ['WI-05', 'HS-09'],
      flags: ['NonceByteOrder'],
      comment: `A record under the counter ${n}; the nonce holds it little-endian, the length in front is big-endian.`,
      in: { key: hex(key), n: String(n), plaintext: hex(plaintext) },
      ok: { record: hex(record) },
    });
  }
  const { key, plaintext, record } = sample(draft.id('257-bytes'), 3n, 257);
  draft.positive('257-bytes', {
    req: ['WI-05'],
    comment: 'A length of two different bytes.',
    in: { key: hex(key), n: '3', plaintext: hex(plaintext) },
    ok: { record: hex(record) },
  });
  draft.positive('largest', { req: ['WI-05'], comment: LARGEST, ...largest(draft, 'seal') });
  for (const [slug, change, comment] of [
    ['plaintext-empty', ['truncate', 'in.plaintext', 0], 'A record holds a byte at least.'],
    ['plaintext-a-byte-too-long', ['extend', 'in.plaintext', '00'], 'A byte more than one record holds.'],
  ] as const) {
    draft.negative(slug, {
      of: 'largest',
      req: ['WI-05'],
      flags: ['RecordLengthUnchecked'],
      comment,
      reject: 'frame.parse',
      change,
    });
  }
  draft.negative('counter-used-up', {
    of: 'counter-last',
    req: ['HS-09'],
    flags: ['CounterReused'],
    comment: 'The counter 2^64−1 is never used.',
    reject: 'handshake.order',
    change: ['set', 'in.n', String(COUNTER_MAX)],
  });
  return draft;
}

export function recordOpenFile(): Draft {
  const draft = new Draft('records/open', 'record.open', { opens: true });
  for (const [slug, n, length] of SAMPLES) {
    const { key, plaintext, record } = sample(draft.id(slug), n, length);
    draft.positive(slug, {
      req: ['WI-05', 'HS-09'],
      comment: `A record under the counter ${n}.`,
      in: { key: hex(key), n: String(n), record: hex(record) },
      ok: { plaintext: hex(plaintext) },
    });
  }
  draft.positive('largest', { req: ['WI-05'], comment: LARGEST, ...largest(draft, 'open') });
  faults(draft);
  return draft;
}

function largest(draft: Draft, side: 'seal' | 'open') {
  const [key, plaintext] = [labelled(draft.id('largest'), 'key'), new Uint8Array(PLAINTEXT_BYTES_MAX)];
  const [record, given] = [{ record: hex(seal(key, 4n, plaintext)) }, { plaintext: hex(plaintext) }];
  const named = { key: hex(key), n: '4' };
  return side === 'seal' ? { in: { ...named, ...given }, ok: record } : { in: { ...named, ...record }, ok: given };
}

function faults(draft: Draft): void {
  const of = 'counter-1';
  const refuse = (
    slug: string,
    reject: string,
    req: string,
    flag: string,
    comment: string,
    change: readonly [string, string, (string | number | object)?],
  ) =>
    draft.negative(slug, {
      of,
      req: [req],
      flags: [flag],
      comment,
      reject,
      change: change as readonly [string, string, string],
    });
  refuse('ciphertext-flipped', 'frame.parse', 'WI-06', 'CiphertextMalleable', 'A bit of the first ciphertext byte.', [
    'flip',
    'in.record',
    { at: 2 },
  ]);
  refuse('tag-first-byte', 'frame.parse', 'WI-06', 'TagCutShort', 'A bit of the first tag byte.', [
    'flip',
    'in.record',
    { at: -16 },
  ]);
  refuse('tag-ninth-byte', 'frame.parse', 'WI-06', 'TagCutShort', 'A bit of the ninth tag byte.', [
    'flip',
    'in.record',
    { at: -8 },
  ]);
  refuse('tag-last-byte', 'frame.parse', 'WI-06', 'TagCutShort', 'A bit of the last tag byte.', [
    'flip',
    'in.record',
    { at: -1 },
  ]);
  refuse('replayed', 'frame.parse', 'HS-09', 'ReplayAccepted', 'The same record again, one counter later.', [
    'set',
    'in.n',
    '2',
  ]);
  refuse('too-early', 'frame.parse', 'HS-09', 'ReplayAccepted', 'The record of the next counter.', [
    'set',
    'in.n',
    '0',
  ]);
  refuse('other-direction', 'frame.parse', 'HS-16', 'Reflection', 'Under the key of the other direction.', [
    'splice',
    'in.key',
    'one-byte',
  ]);
  refuse('of-another-session', 'frame.parse', 'WI-06', 'KeyUnbound', 'A record of another session.', [
    'splice',
    'in.record',
    'counter-256',
  ]);
  refuse('length-0', 'frame.parse', 'WI-05', 'RecordLengthUnchecked', 'A record of no bytes.', [
    'set',
    'in.record',
    '0000',
  ]);
  refuse('length-15', 'frame.parse', 'WI-05', 'RecordLengthUnchecked', 'Shorter than a tag.', [
    'set',
    'in.record',
    `000f${'00'.repeat(15)}`,
  ]);
  refuse(
    'length-16',
    'frame.parse',
    'WI-05',
    'RecordLengthUnchecked',
    'A record that holds nothing, and verifies as such where it is tried.',
    ['set', 'in.record', emptyRecord(draft, of)],
  );
  refuse('byte-behind', 'frame.parse', 'WI-05', 'RecordLengthUnchecked', 'A byte behind the record.', [
    'extend',
    'in.record',
    '00',
  ]);
  refuse('cut-inside-the-length', 'frame.length', 'WI-12', 'TruncationUnseen', 'One byte.', [
    'truncate',
    'in.record',
    1,
  ]);
  refuse('length-alone', 'frame.length', 'WI-12', 'TruncationUnseen', 'A length, and nothing behind it.', [
    'truncate',
    'in.record',
    2,
  ]);
  refuse('last-byte-missing', 'frame.length', 'WI-12', 'TruncationUnseen', 'The last byte is missing.', [
    'truncate',
    'in.record',
    -1,
  ]);
  refuse(
    'length-one-more',
    'frame.length',
    'WI-12',
    'TruncationUnseen',
    'The declared length is one byte more than there is.',
    ['flip', 'in.record', { at: 1, mask: 1 }],
  );
  refuse('length-65535', 'frame.length', 'WI-12', 'AllocatesByDeclaration', '65,535 bytes are declared.', [
    'overwrite',
    'in.record',
    { at: 0, with: 'ffff' },
  ]);
  const key = Buffer.from(String(draft.case(of).in['key']), 'hex');
  const plaintext = Buffer.from((draft.case(of).expect as { ok: { plaintext: string } }).ok.plaintext, 'hex');
  for (const [slug, record, comment] of [
    [
      'with-associated-data',
      seal(key, 1n, plaintext, Uint8Array.of(0, 56)),
      'Sealed with the length as associated data.',
    ],
    ['nonce-big-endian', seal(key, 1n, plaintext, undefined, true), 'Sealed with the counter big-endian.'],
  ] as const) {
    draft.negative(slug, {
      of,
      req: [slug.startsWith('nonce') ? 'HS-09' : 'WI-05'],
      flags: [slug.startsWith('nonce') ? 'NonceByteOrder' : 'AssociatedDataUnbound'],
      comment,
      reject: 'frame.parse',
      change: { remade: slug, in: { ...draft.case(of).in, record: hex(record) } },
    });
  }
  draft.negative('counter-used-up', {
    of: 'counter-last',
    req: ['HS-09'],
    flags: ['CounterReused'],
    comment: 'A record that is sealed under 2^64−1.',
    reject: 'handshake.order',
    change: { remade: 'sealed under 2^64-1', in: usedUp(draft) },
  });
}

function emptyRecord(draft: Draft, of: string): string {
  const key = Buffer.from(String(draft.case(of).in['key']), 'hex');
  return hex(seal(key, 1n, new Uint8Array(0)));
}

function usedUp(draft: Draft) {
  const key = String(draft.case('counter-last').in['key']);
  const record = seal(Buffer.from(key, 'hex'), COUNTER_MAX, labelled(draft.id('counter-used-up'), 'plaintext', 8));
  return { key, n: String(COUNTER_MAX), record: hex(record) };
}

export function prefaceFile(): Draft {
  const draft = new Draft('records/preface', 'preface.parse');
  for (const [slug, version] of [
    ['classical', 1],
    ['hybrid', 2],
  ] as const) {
    draft.positive(slug, {
      req: ['WI-01', 'WI-03'],
      comment: `The preface of version ${version}.`,
      in: { bytes: `304b0${version}00` },
      ok: { version, kind: 0 },
    });
  }
  for (const [slug, reject, req, comment, bytes] of [
    ['version-0', 'transport.version', 'WI-02', 'Version 0.', '304b0000'],
    ['version-3', 'transport.version', 'WI-02', 'The version behind the highest.', '304b0300'],
    ['version-130', 'transport.version', 'WI-02', 'Version 2 with the highest bit set.', '304b8200'],
    ['version-255', 'transport.version', 'WI-02', 'Version 255.', '304bff00'],
    ['version-0x31', 'transport.version', 'WI-02', 'The version as a digit.', '304b3100'],
    ['first-byte', 'handshake.parse', 'WI-01', 'Another first byte.', '314b0200'],
    ['second-byte', 'handshake.parse', 'WI-01', 'Another second byte.', '304c0200'],
    ['lower-case', 'handshake.parse', 'WI-01', 'A small k.', '306b0200'],
    ['swapped', 'handshake.parse', 'WI-01', 'The first two bytes the other way round.', '4b300200'],
    ['zeros', 'handshake.parse', 'WI-01', 'Zeros.', '00000000'],
    ['http', 'handshake.parse', 'WI-01', 'The beginning of an HTTP request.', '47455420'],
    ['tls', 'handshake.parse', 'WI-01', 'The beginning of a TLS ClientHello.', '16030100'],
    ['version-3-kind-1', 'transport.version', 'WI-02', 'An unknown version may have kinds of its own.', '304b0301'],
    ['kind-1', 'handshake.parse', 'WI-01', 'A kind that is not 0.', '304b0201'],
    ['kind-2', 'handshake.parse', 'WI-01', 'A kind whose lowest bit is 0.', '304b0202'],
    ['kind-128', 'handshake.parse', 'WI-01', 'A kind whose highest bit alone is set.', '304b0280'],
    ['kind-255', 'handshake.parse', 'WI-01', 'The last kind.', '304b01ff'],
  ] as const) {
    draft.negative(slug, {
      of: 'hybrid',
      req: [req],
      flags: ['PrefaceUnchecked'],
      comment,
      reject,
      change: ['set', 'in.bytes', bytes],
    });
  }
  return draft;
}
