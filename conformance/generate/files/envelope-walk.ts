// Faults of EN-20's first steps: the outer walk, sizes, the canonical header, version, content type.
import { hex, labelled } from '../kit/labelled.ts';
import { varint } from '../kit/wire.ts';
import { type Edit, editWire } from '../mutate-wire.ts';
import type { Refusals } from './envelope-open.ts';

const HEADER_BYTES_MAX = 256;
const CIPHERTEXT_BYTES_MAX = 262_160;

export function walkedFaults(refusals: Refusals): void {
  outer(refusals);
  sizes(refusals);
  header(refusals);
  meaning(refusals);
}

function outer({ changed }: Refusals): void {
  for (const [slug, edit, comment] of [
    ['nonce-short', { value: 2, with: '00'.repeat(23) }, 'A nonce of 23 bytes.'],
    ['nonce-long', { value: 2, with: '00'.repeat(25) }, 'A nonce of 25 bytes.'],
    ['nonce-absent', { remove: 2 }, 'No nonce.'],
    ['signature-short', { value: 4, with: '00'.repeat(63) }, 'A signature of 63 bytes.'],
    ['signature-long', { value: 4, with: '00'.repeat(65) }, 'A signature of 65 bytes.'],
    ['signature-absent', { remove: 4 }, 'No signature.'],
    ['header-twice', { duplicate: 1 }, 'Two headers.'],
    ['ciphertext-twice', { duplicate: 3 }, 'Two ciphertexts.'],
    ['ciphertext-as-varint', { replace: 3, with: '1801' }, 'The ciphertext has another wire type.'],
    ['cursor-2-pow-53', { add: '288080808080808010' }, 'A cursor of 2^53.'],
    ['group-outside', { add: 'fb01fc01' }, 'A group of Protocol Buffers.'],
    ['key-not-minimal', { longKey: 1 }, 'A key of a byte more than it needs.'],
    ['length-beyond', { length: 4, declared: 65 }, 'A field that ends behind the message.'],
  ] as const satisfies readonly (readonly [string, Edit, string])[]) {
    changed(`outer-${slug}`, ['wire', 'in.envelope', { in: 'message', within: [], edit }], {
      reject: 'frame.parse',
      req: [/nonce|signature/.test(slug) ? 'WI-18' : slug.startsWith('cursor') ? 'WI-16' : 'WI-14'],
      flag: 'LaxWireWalk',
      comment,
    });
  }
  changed('outer-cut-short', ['truncate', 'in.envelope', -1], {
    reject: 'frame.parse',
    req: ['WI-14'],
    flag: 'LaxWireWalk',
    comment: 'The last byte is missing.',
  });
}

function sizes({ changed, scene }: Refusals): void {
  const wire = (edit: Edit) => ['wire', 'in.envelope', { in: 'message', within: [], edit }] as const;
  const said = (comment: string, reject = 'envelope.parse') => ({
    reject,
    req: ['EN-04'],
    flag: 'EnvelopeSizeUnchecked',
    comment,
  });
  changed('header-absent', wire({ remove: 1 }), said('No header.'));
  changed(
    'header-257-bytes',
    wire({
      value: 1,
      with:
        hex(scene('text').sealed.header) +
        'fa016b'.padEnd(2 * (HEADER_BYTES_MAX + 1 - scene('text').sealed.header.length), '0'),
    }),
    said('A header of 257 bytes.'),
  );
  changed('ciphertext-absent', wire({ remove: 3 }), said('No ciphertext.'));
  changed('ciphertext-271-bytes', wire({ value: 3, with: '00'.repeat(271) }), said('A ciphertext of 271 bytes.'));
  changed(
    'ciphertext-too-large',
    wire({ value: 3, with: '00'.repeat(CIPHERTEXT_BYTES_MAX + 1) }),
    said('A ciphertext of a byte more than CIPHERTEXT_BYTES_MAX.', 'session.size'),
  );
}

/** Each is sealed and signed over its wrong header: only its form is at fault. */
function header({ remade, scene }: Refusals): void {
  const edited = (slug: string, edit: Edit, comment: string) =>
    remade(
      `header-${slug}`,
      { editHeader: (bytes) => Buffer.from(editWire(hex(bytes), { in: 'message', within: [], edit }), 'hex') },
      {
        reject: 'envelope.parse',
        req: ['EN-03', 'OV-04'],
        flag: 'HeaderNotCanonical',
        comment,
      },
    );
  const groupId = hex(scene('text').epoch.groupId);
  edited('unknown-field', { add: '4801' }, 'An unknown field.');
  edited('reserved-field', { add: '420100' }, 'The reserved field 8.');
  edited('reordered', { last: 1 }, 'The version comes last.');
  edited('default-written', { add: '3000' }, 'Epoch 0 is written out behind the content type.');
  edited('field-twice', { duplicate: 7 }, 'The content type is there twice.');
  edited('version-not-minimal', { longValue: 1 }, 'The version takes two bytes.');
  edited('key-not-minimal', { longKey: 4 }, 'A key takes two bytes.');
  edited('length-not-minimal', { longLength: 2 }, 'A length takes two bytes.');
  edited('sequence-not-minimal', { longValue: 4 }, 'The sequence takes two bytes.');
  edited('group-id-short', { value: 2, with: groupId.slice(2) }, 'A group id of 31 bytes.');
  edited('group-id-absent', { remove: 2 }, 'No group id.');
  edited(
    'sender-key-long',
    { value: 3, with: `${hex(scene('text').device.deviceKey)}00` },
    'A sender key of 33 bytes.',
  );
  edited('previous-absent', { remove: 5 }, 'No previous: 32 zero bytes are written.');
  edited('previous-short', { value: 5, with: '00'.repeat(31) }, 'A previous of 31 bytes.');
  edited('sequence-2-pow-53', { replace: 4, with: '208080808080808010' }, 'A sequence of 2^53.');
  edited('sequence-zero-written', { replace: 4, with: '2000' }, 'Sequence 0 is written out.');
  edited('epoch-2-pow-32', { add: '308080808010' }, 'An epoch above 2^32−1.');
  edited('group', { add: '5b5c' }, 'A group of Protocol Buffers.');
  remade(
    'header-of-noise',
    { editHeader: () => labelled('envelopes/open/header-of-noise', 'header', 147) },
    { reject: 'envelope.parse', req: ['EN-03'], flag: 'HeaderNotCanonical', comment: 'Bytes that are no message.' },
  );
  remade(
    'header-empty-but-signed',
    { editHeader: () => new Uint8Array(0) },
    { reject: 'envelope.parse', req: ['EN-04'], flag: 'EnvelopeSizeUnchecked', comment: 'A header of no bytes.' },
  );
}

function meaning({ remade }: Refusals): void {
  for (const version of [2, 255, 2 ** 32 - 1]) {
    remade(
      `version-${version}`,
      { header: { version } },
      { reject: 'envelope.version', req: ['EN-05'], flag: 'VersionUnchecked', comment: `Version ${version}.` },
    );
  }
  remade(
    'version-absent',
    { header: { version: undefined } },
    { reject: 'envelope.version', req: ['EN-05'], flag: 'VersionUnchecked', comment: 'Version 0, which is left out.' },
  );
  for (const [slug, type, comment] of [
    ['content-type-absent', undefined, 'No content type.'],
    ['content-type-welcome', 3, 'WELCOME is reserved.'],
    ['content-type-4', 4, 'A content type that nobody knows.'],
  ] as const) {
    remade(
      slug,
      { header: { content_type: type } },
      { reject: 'envelope.parse', req: ['EN-06'], flag: 'ContentTypeUnchecked', comment },
    );
  }
  remade(
    'sequence-zero',
    { header: { sequence: undefined } },
    {
      reject: 'envelope.parse',
      req: ['OV-02', 'EN-08'],
      flag: 'SequenceZero',
      comment: 'Sequence 0 means "none" and names no envelope.',
    },
  );
  remade(
    'header-unknown-field-of-256-bytes',
    { editHeader: (bytes) => fill(bytes) },
    {
      reject: 'envelope.parse',
      req: ['EN-03'],
      flag: 'HeaderNotCanonical',
      comment: 'A header of 256 bytes: its size is allowed, its unknown field is not.',
    },
  );
}

/** An unknown field that makes the header 256 bytes long. */
function fill(header: Uint8Array): Uint8Array {
  // Two bytes of key and two of length.
  const length = HEADER_BYTES_MAX - header.length - 4;
  return Buffer.concat([header, Uint8Array.of(0xfa, 0x01), varint(length), new Uint8Array(length)]);
}
