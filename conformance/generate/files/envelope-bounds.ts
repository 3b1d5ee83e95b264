// Bounds from both sides, and faults that only a comparison of all bits, all bytes or the right type finds. EN-03 to EN-23.
import { INVITE, MESSAGE, plaintextOf, seal } from '../kit/envelope.ts';
import { groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import { type Edit, editWire } from '../mutate-wire.ts';
import type { Refusals, Said } from './envelope-open.ts';
import { announcementOf, messageOf, openJson, sceneOf } from './envelope-samples.ts';

const CIPHERTEXT_BYTES_MAX = 262_160;
const TAG_BYTES = 16;
const METADATA_BYTES_MAX = 16 * 1024;
const CONTENT_BYTES_MAX = 192 * 1024;
const DEVICE_NAME_BYTES_MAX = 64;

export function boundFaults(refusals: Refusals): void {
  longest(refusals);
  tooLong(refusals);
  header(refusals);
  types(refusals);
  comparisons(refusals);
  padding(refusals);
  order(refusals);
}

/** What is as large as it may be. */
function longest({ draft, scene }: Refusals): void {
  const whole = (slug: string, req: string, comment: string, made: ReturnType<typeof sceneOf>) =>
    draft.positive(slug, { req: [req, 'EN-20'], flags: ['ContentUnlimited'], comment, ...openJson(made) });
  const id = (slug: string) => draft.id(slug);
  whole(
    'text-longest',
    'EN-15',
    'A text of 192 KiB.',
    sceneOf(id('text-longest'), () => messageOf(id('text-longest'), { text: 't'.repeat(CONTENT_BYTES_MAX) })),
  );
  whole(
    'metadata-longest',
    'EN-15',
    'Metadata of 16 KiB.',
    sceneOf(id('metadata-longest'), () =>
      messageOf(id('metadata-longest'), { text: 'a', metadata: 'm'.repeat(METADATA_BYTES_MAX) }),
    ),
  );
  whole(
    'announcement-name-longest',
    'EN-15',
    'A name of 64 bytes.',
    sceneOf(id('announcement-name-longest'), (epoch, device) =>
      announcementOf(epoch, device, 'n'.repeat(DEVICE_NAME_BYTES_MAX)),
    ),
  );
  const { parts } = scene('text');
  // Four bytes of length in front; an unknown field of five bytes of key and length fills the rest.
  const filler = CIPHERTEXT_BYTES_MAX - TAG_BYTES - 4 - parts.plaintext.length - 5;
  const unknown = Buffer.concat([Buffer.from('fa01', 'hex'), lengthOf(filler), Buffer.alloc(filler)]);
  const sealed = seal({ ...parts, padded: pad(Buffer.concat([parts.plaintext, unknown])) });
  if (sealed.ciphertext.length !== CIPHERTEXT_BYTES_MAX) throw new Error('the ciphertext is not of the largest size');
  const { in: input, ok } = openJson(scene('text'));
  draft.positive('ciphertext-largest', {
    req: ['EN-04', 'EN-15'],
    flags: ['EnvelopeSizeUnchecked'],
    comment: 'A ciphertext of CIPHERTEXT_BYTES_MAX; an unknown field of the plaintext fills it.',
    in: { ...input, envelope: hex(sealed.envelope) },
    ok: { ...ok, hash: hex(sealed.hash) },
  });
}

/** EN-15: the ciphertext is far from its own limit. */
function tooLong({ remade }: Refusals): void {
  const { plaintext } = plaintextOf(messageOf('data-too-long', { data: '00'.repeat(CONTENT_BYTES_MAX + 1) }));
  remade(
    'data-too-long',
    { plaintext },
    {
      of: 'data',
      reject: 'envelope.parse',
      req: ['EN-15', 'EN-27'],
      flag: 'ContentUnlimited',
      comment: 'Data of a byte more than 192 KiB.',
    },
  );
  const wide = messageOf('text-too-long-in-bytes', { text: 'ä'.repeat(CONTENT_BYTES_MAX / 2 + 1) });
  remade(
    'text-too-long-in-bytes',
    { plaintext: plaintextOf(wide).plaintext },
    {
      reject: 'envelope.parse',
      req: ['EN-15', 'EN-27'],
      flag: 'ContentUnlimited',
      comment: 'A text of fewer characters than 192 Ki, and more bytes.',
    },
  );
}

/** A varint of three bytes. */
function lengthOf(value: number): Uint8Array {
  return Uint8Array.of((value & 127) | 128, ((value >> 7) & 127) | 128, value >> 14);
}

function header({ remade, scene }: Refusals): void {
  const edited = (slug: string, edit: Edit, comment: string, of = 'text') =>
    remade(
      `header-${slug}`,
      { editHeader: (bytes) => Buffer.from(editWire(hex(bytes), { in: 'message', within: [], edit }), 'hex') },
      { of, reject: 'envelope.parse', req: ['EN-03', 'OV-04'], flag: 'HeaderNotCanonical', comment },
    );
  const { device, epoch } = scene('text');
  edited('group-id-long', { value: 2, with: `${hex(epoch.groupId)}00` }, 'A group id of 33 bytes.');
  edited('sender-key-absent', { remove: 3 }, 'No sender key.');
  edited('sender-key-short', { value: 3, with: hex(device.deviceKey.subarray(1)) }, 'A sender key of 31 bytes.');
  edited('previous-long', { value: 5, with: '00'.repeat(33) }, 'A previous of 33 bytes.');
  edited('version-2-pow-32-plus-1', { replace: 1, with: '088180808010' }, 'A version that is 1 where it is cut off.');
  edited('epoch-in-place-2-pow-32', { replace: 6, with: '308080808010' }, 'An epoch of 2^32.', 'epoch-5');
  for (const version of [129, 257, 65_537]) {
    remade(
      `version-${version}`,
      { header: { version } },
      {
        reject: 'envelope.version',
        req: ['EN-05'],
        flag: 'VersionUnchecked',
        comment: `Version ${version}, whose lowest bits are those of 1.`,
      },
    );
  }
}

/** EN-06: the plaintext would do for the type that a lax reader falls back to. */
function types({ remade, changed }: Refusals): void {
  const said = (comment: string, of = 'announcement'): Said => ({
    of,
    reject: 'envelope.parse',
    req: ['EN-06'],
    flag: 'ContentTypeUnchecked',
    comment,
  });
  remade('content-type-absent-announcement', { header: { content_type: undefined } }, said('No content type.'));
  remade('content-type-3-announcement', { header: { content_type: 3 } }, said('WELCOME is reserved.'));
  remade('content-type-4-announcement', { header: { content_type: 4 } }, said('A type that nobody knows.'));
  remade(
    'content-type-258-announcement',
    { header: { content_type: 256 + INVITE } },
    said('INVITE in its lowest byte.'),
  );
  remade('content-type-257', { header: { content_type: 256 + MESSAGE } }, said('MESSAGE in its lowest byte.', 'text'));
  remade(
    'epoch-65536',
    { header: { epoch: 65_536 } },
    {
      reject: 'session.epoch',
      req: ['EN-09', 'GR-06'],
      flag: 'EpochGuessed',
      comment: 'An epoch that is 0 in 16 bits is not epoch 0.',
    },
  );
  changed('epoch-held-65541', ['set', 'in.epochs.0.epoch', 65_541], {
    of: 'epoch-5',
    reject: 'session.epoch',
    req: ['EN-09', 'GR-06'],
    flag: 'EpochGuessed',
    comment: 'The secret is held for an epoch that is 5 in 16 bits.',
  });
}

/** All bytes are compared. */
function comparisons({ changed, scene }: Refusals): void {
  for (const [name, at] of [
    ['first', 0],
    ['middle', 16],
    ['last', 31],
  ] as const) {
    changed(`group-${name}-byte`, ['flip', 'in.group_id', { at, mask: 0x80 }], {
      reject: 'envelope.binding',
      req: ['EN-07'],
      flag: 'GroupUnbound',
      comment: `The group's id differs in its ${name} byte.`,
    });
    changed(`member-${name}-byte`, ['flip', 'in.members.0', { at, mask: 0x80 }], {
      reject: 'envelope.auth',
      req: ['CL-09', 'EN-07'],
      flag: 'StrangerAccepted',
      comment: `The only member's key differs from the sender's in its ${name} byte.`,
    });
  }
  const chained = (comment: string, req: string[]): Said => ({
    of: 'second',
    reject: 'envelope.chain',
    req,
    flag: 'ChainUnchecked',
    comment,
  });
  changed(
    'previous-last-byte',
    ['flip', 'in.head.hash', { at: 31 }],
    chained('The head’s H differs from previous in its last byte.', ['EN-08']),
  );
  const hash = Uint8Array.from(scene('second').sealed.hash);
  hash[31] = (hash[31] ?? 0) ^ 1;
  changed(
    'fork-last-byte',
    ['set', 'in.head', { sequence: '2', hash: hex(hash) }],
    chained('The head’s H differs in its last byte: a fork, no duplicate.', ['EN-23', 'EN-13']),
  );
}

function padding({ remade, scene }: Refusals): void {
  const { plaintext } = scene('text').parts;
  const start = 4 + plaintext.length;
  const said = (comment: string): Said => ({
    reject: 'envelope.parse',
    req: ['EN-14', 'EN-27'],
    flag: 'PaddingUnchecked',
    comment,
  });
  const dirty = (...places: readonly number[]) => {
    const padded = pad(plaintext);
    for (const at of places) padded[at] = 0x80;
    return padded;
  };
  remade('padding-highest-bit', { padded: dirty(start + 3) }, said('The highest bit of a padding byte.'));
  remade(
    'padding-two-bytes',
    { padded: dirty(start + 3, start + 9) },
    said('Two padding bytes that cancel each other.'),
  );
  for (const power of [16, 24]) {
    remade(
      `padding-length-and-2-pow-${power}`,
      { padded: pad(plaintext, 256, 2 ** power + plaintext.length) },
      said(`The length is right in its lowest ${power} bits.`),
    );
  }
  remade(
    'padding-length-and-2-pow-31',
    { padded: pad(plaintext, 256, 2 ** 31 + plaintext.length) },
    said('The length is right in its lowest 31 bits.'),
  );
}

/** Two faults at once: the earlier step of EN-20 names the class. */
function order({ changed, remade, draft }: Refusals): void {
  const said = (reject: string, comment: string): Said => ({
    reject,
    req: ['EN-20'],
    flag: 'JudgedOutOfOrder',
    comment,
  });
  const wire = (edit: Edit) => ['wire', 'in.envelope', { in: 'message', within: [], edit }] as const;
  changed('order-too-large-before-form', ['splice', 'in.envelope', 'ciphertext-too-large'], {
    ...said('session.size', 'A ciphertext that is too large, and no header.'),
    req: ['EN-20', 'EN-04'],
    and: wire({ remove: 1 }),
  });
  changed('order-size-before-group', wire({ value: 3, with: '00'.repeat(271) }), {
    ...said('envelope.parse', 'A ciphertext that is too small, in another group.'),
    and: ['flip', 'in.group_id', { at: 0 }],
  });
  remade(
    'order-size-before-version',
    { header: { version: 2 }, padded: new Uint8Array(255) },
    said('envelope.parse', 'A ciphertext that is too small, of another version.'),
  );
  remade(
    'order-sequence-zero-before-signature',
    { header: { sequence: undefined }, signingSeed: groupOf(draft.id('order-sequence')).device('other').signingSeed },
    said('envelope.parse', 'Sequence 0, and signed by another.'),
  );
  const otherGroup = { group_id: labelled(draft.id('order-type'), 'group_id') };
  remade(
    'order-version-before-sequence-zero',
    { header: { version: 2, sequence: undefined } },
    said('envelope.version', 'Of another version, with sequence 0.'),
  );
  remade(
    'order-group-before-sequence-zero',
    { header: { ...otherGroup, sequence: undefined } },
    said('envelope.binding', 'Of another group, with sequence 0.'),
  );
  remade(
    'order-version-before-content-type',
    { header: { version: 2, content_type: 3 } },
    said('envelope.version', 'Of another version and a reserved type.'),
  );
  remade(
    'order-group-before-content-type',
    { header: { ...otherGroup, content_type: 3 } },
    said('envelope.binding', 'Of another group and a reserved type.'),
  );
}
