// Faults of EN-20's last step: padding and plaintext. Each ciphertext is authentic.
import { INVITE, MESSAGE, plaintextOf } from '../kit/envelope.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import type { JsonObject } from '../model.ts';
import { type Edit, editWire } from '../mutate-wire.ts';
import type { Refusals } from './envelope-open.ts';

const METADATA_BYTES_MAX = 16 * 1024;

export function plaintextFaults(refusals: Refusals): void {
  padding(refusals);
  messages(refusals);
  announcements(refusals);
}

function padding({ remade, scene }: Refusals): void {
  const { plaintext } = scene('text').parts;
  const said = (comment: string, of = 'text') => ({
    of,
    reject: 'envelope.parse',
    req: ['EN-14', 'EN-27'],
    flag: 'PaddingUnchecked',
    comment,
  });
  const dirty = (at: number) => {
    const padded = pad(plaintext);
    padded[at < 0 ? padded.length + at : at] = 1;
    return padded;
  };
  remade('padding-first-byte', { padded: dirty(4 + plaintext.length) }, said('The first padding byte is not zero.'));
  remade('padding-last-byte', { padded: dirty(-1) }, said('The last padding byte is not zero.'));
  remade('padding-next-size', { padded: pad(plaintext, 272) }, said('The next size up.'));
  remade('padding-one-more', { padded: pad(plaintext, 257) }, said('A size that Padmé does not give.'));
  remade(
    'padding-twice-the-size',
    { padded: pad(plaintext, 512) },
    said('A size of Padmé, but not the one of this length.'),
  );
  remade(
    'padding-length-one-less',
    { padded: pad(plaintext, 256, plaintext.length - 1) },
    said('The length says a byte less: the last one counts as padding.'),
  );
  remade('padding-length-above', { padded: pad(plaintext, 256, 253) }, said('The length says more than there is.'));
  remade(
    'padding-length-2-pow-32-minus-1',
    { padded: pad(plaintext, 256, 2 ** 32 - 1) },
    said('The length says 4 GiB.'),
  );
  remade(
    'padding-length-2-pow-31',
    { padded: pad(plaintext, 256, 2 ** 31) },
    said('The length is negative where it is read as signed.'),
  );
  remade(
    'padding-length-zero',
    { padded: new Uint8Array(256) },
    { ...said('Zeros only: an empty plaintext is no message.'), req: ['EN-14', 'EN-15', 'EN-27'] },
  );
  remade(
    'padding-longer-size-too-small',
    { padded: pad(scene('padding-2000').parts.plaintext, 2040) },
    said('A longer text, not padded up.', 'padding-2000'),
  );
}

function messages({ remade, scene, draft }: Refusals): void {
  const { plaintext } = scene('metadata').parts;
  const said = (comment: string, flag = 'PlaintextLax') => ({
    of: 'metadata',
    reject: 'envelope.parse',
    req: ['EN-15', 'EN-27'],
    flag,
    comment,
  });
  const edited = (slug: string, edit: Edit, comment: string) =>
    remade(`message-${slug}`, { padded: pad(walk(plaintext, edit)) }, said(comment));
  edited('id-short', { value: 1, with: '00'.repeat(15) }, 'An id of 15 bytes.');
  edited('id-long', { value: 1, with: '00'.repeat(17) }, 'An id of 17 bytes.');
  edited('id-absent', { remove: 1 }, 'No id.');
  edited('id-twice', { duplicate: 1 }, 'Two ids.');
  edited('text-and-data', { add: '1a0100' }, 'A text and bytes.');
  edited('without-content', { remove: 2 }, 'Neither text nor bytes.');
  edited('text-not-utf-8', { value: 2, with: 'ff' }, 'A text that is not UTF-8.');
  edited('metadata-not-utf-8', { value: 4, with: 'c080' }, 'Metadata that is not UTF-8.');
  edited('metadata-twice', { duplicate: 4 }, 'Metadata twice.');
  edited(
    'metadata-too-long',
    { value: 4, with: '6d'.repeat(METADATA_BYTES_MAX + 1) },
    'Metadata of a byte more than 16 KiB.',
  );
  edited('sent-at-2-pow-53', { replace: 5, with: '288080808080808010' }, 'A time of 2^53.');
  edited('sent-at-as-bytes', { replace: 5, with: '2a0101' }, 'A time as bytes.');
  edited('group', { add: 'fb01fc01' }, 'A group of Protocol Buffers.');
  edited('length-not-minimal', { longLength: 1 }, 'A length of a byte more than it needs.');
  edited('cut-short', { length: 4, declared: 200 }, 'A field that ends behind the plaintext.');
  remade(
    'message-of-noise',
    { padded: pad(labelled(draft.id('message-of-noise'), 'plaintext', 60)) },
    said('Bytes that are no message.'),
  );
  const announcement = scene('announcement').parts.plaintext;
  remade(
    'message-is-an-announcement',
    { contentType: MESSAGE, padded: pad(announcement) },
    said('The header says message, the plaintext is an announcement.', 'ContentTypeUnchecked'),
  );
}

function announcements({ remade, scene }: Refusals): void {
  const { parts, content } = scene('announcement');
  const said = (comment: string, flag = 'PlaintextLax') => ({
    of: 'announcement',
    reject: 'envelope.parse',
    req: ['EN-15', 'EN-27'],
    flag,
    comment,
  });
  const named = (name: string) =>
    plaintextOf({ announcement: { ...(content['announcement'] as JsonObject), name } }).plaintext;
  remade('announcement-name-of-65-bytes', { padded: pad(named('n'.repeat(65))) }, said('A name of 65 bytes.'));
  remade(
    'announcement-name-long-in-bytes',
    { padded: pad(named('ü'.repeat(33))) },
    said('A name of 33 characters and 66 bytes.'),
  );
  remade('announcement-without-record', { padded: pad(walk(parts.plaintext, { remove: 2 })) }, said('No record.'));
  remade('announcement-record-twice', { padded: pad(walk(parts.plaintext, { duplicate: 2 })) }, said('Two records.'));
  remade(
    'announcement-name-not-utf-8',
    { padded: pad(walk(parts.plaintext, { value: 1, with: 'ff' })) },
    said('A name that is not UTF-8.'),
  );
  remade(
    'announcement-record-without-signature',
    { padded: pad(inRecord(parts.plaintext, { remove: 3 })) },
    said('A record without its second signature.'),
  );
  remade(
    'announcement-is-a-message',
    { contentType: INVITE, padded: pad(scene('text').parts.plaintext) },
    said('The header says announcement, the plaintext is a message.', 'ContentTypeUnchecked'),
  );
}

function walk(plaintext: Uint8Array, edit: Edit): Uint8Array {
  return Buffer.from(editWire(hex(plaintext), { in: 'message', within: [], edit }), 'hex');
}

function inRecord(plaintext: Uint8Array, edit: Edit): Uint8Array {
  return Buffer.from(editWire(hex(plaintext), { in: 'message', within: [2], edit }), 'hex');
}
