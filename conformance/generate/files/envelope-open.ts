import { Bytes, toHex, toNumber, toText, type Value } from '../../src/faults/evaluate.ts';
import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { seal } from '../kit/envelope.ts';
import { type Device, epochOf, groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import { varint } from '../kit/wire.ts';
import { type Alter, bytesOf, type Context, idOf, type Names } from '../rows.ts';
import { announcement, message, openJson, type Scene, sceneFor, sceneOf, topics } from './envelope-samples.ts';

const CIPHERTEXT_BYTES_MAX = 262_160;
const TAG_BYTES = 16;
const METADATA_BYTES_MAX = 16 * 1024;
const CONTENT_BYTES_MAX = 192 * 1024;
const TOPIC_BYTES_MAX = 64;
const DEVICE_NAME_BYTES_MAX = 64;
const SKIPPED_RANGES_MAX = 16;

const names: Names = {
  device_key: (context, name) => new Bytes(hex(device(context, name).deviceKey)),
  seed: (context, name, slug) => new Bytes(hex(device(context, name, slug).signingSeed)),
  message_key: ({ twin }, secret = null, epoch = 0n) => {
    const groupId = epoch === 0n ? undefined : Buffer.from(String(twin.in['group_id']), 'hex');
    return new Bytes(hex(epochOf(bytesOf(toHex(secret)), Number(toNumber(epoch)), groupId).messageKey));
  },
  header: ({ twin }) => new Bytes(hex(sceneFor(twin.id).sealed.header)),
  ciphertext: ({ twin }) => new Bytes(hex(sceneFor(twin.id).sealed.ciphertext)),
  plaintext: ({ id }, slug) => new Bytes(hex(sceneFor(idOf(id, slug)).parts.plaintext)),
  message_id: ({ id }) => new Bytes(hex(labelled(id.replace(/^.*\//, ''), 'message_id', 16))),
};

/** A device by its name, in the group of the row or of another slug. */
function device({ id }: Context, name: Value = null, slug?: Value): Device {
  return groupOf(idOf(id, slug)).device(toText(name));
}

export function envelopeOpenFile(): Draft {
  const remake = ({ id }: Case, alter: Alter) => ({ envelope: hex(seal(sceneFor(id).parts, alter).envelope) });
  const draft = new Draft('envelopes/open', 'envelope.open', { opens: true, names, remake });
  for (const [slug, req, comment] of topics) {
    draft.positive(slug, { req: [...req, 'EN-20'], comment, ...openJson(sceneFor(draft.id(slug))) });
  }
  unknownField(draft);
  skipping(draft);
  longest(draft);
  return draft;
}

/** The scene of `text` whose plaintext has more fields behind it. */
function textWith(draft: Draft, fields: Uint8Array): Scene {
  const scene = sceneFor(draft.id('text'));
  const alter: Alter = (part, honest) =>
    part === 'padded' ? pad(Buffer.concat([scene.parts.plaintext, fields])) : honest;
  return { ...scene, sealed: seal(scene.parts, alter) };
}

function unknownField(draft: Draft): void {
  draft.positive('unknown-field-inside', {
    req: ['EN-15', 'WI-15'],
    flags: ['UnknownFieldRefused'],
    comment: 'An unknown field of the plaintext is ignored.',
    ...openJson(textWith(draft, Buffer.from('f80105', 'hex'))),
  });
}

/** Messages that name sequences of their sender which never come. EN-29. */
function skipping(draft: Draft): void {
  const largest = 2n ** 53n - 1n;
  const odd = Array.from({ length: SKIPPED_RANGES_MAX }, (_, index) => {
    const place = `${2 * index + 1}`;
    return { from: place, to: place };
  });
  for (const [slug, comment, sequence, head, skipped] of [
    ['skipped-first', 'The second envelope says that the first never comes.', 2, undefined, [{ from: '1', to: '1' }]],
    ['skipped-between', 'What lies between the head and it never comes.', 9, '4', [{ from: '5', to: '8' }]],
    ['skipped-below-too', 'It names more than what is missing.', 9, '4', [{ from: '3', to: '8' }]],
    ['skipped-largest', 'All but three sequences.', largest, '2', [{ from: '3', to: `${largest - 1n}` }]],
    ['skipped-16-ranges', 'As many ranges as one plaintext names.', 40, '39', odd],
  ] as const) {
    const content = message({ text: 'a', skipped });
    const scene = sceneOf(draft.id(slug), content, sequence);
    const { in: input, ok } = openJson(scene);
    const { head: _, ...others } = input;
    const hash = hex(head === '39' ? scene.parts.previous : labelled(draft.id(slug), 'head'));
    const behind = head === undefined ? others : { ...others, head: { sequence: head, hash } };
    draft.positive(slug, { req: ['EN-29', 'EN-24'], flags: ['SkipsIgnored'], comment, in: behind, ok });
  }
}

/** Contents of the largest size that is allowed. */
function longest(draft: Draft): void {
  for (const [slug, comment, content] of [
    ['text-longest', 'A text of 192 KiB.', message({ text: 't'.repeat(CONTENT_BYTES_MAX) })],
    ['metadata-longest', 'Metadata of 16 KiB.', message({ text: 'a', metadata: 'm'.repeat(METADATA_BYTES_MAX) })],
    ['topic-longest', 'A topic of 64 bytes.', message({ text: 'a', topic: 'ü'.repeat(TOPIC_BYTES_MAX / 2) })],
    ['announcement-name-longest', 'A name of 64 bytes.', announcement('n'.repeat(DEVICE_NAME_BYTES_MAX))],
  ] as const) {
    draft.positive(slug, {
      req: ['EN-15', 'EN-20'],
      flags: ['ContentUnlimited'],
      comment,
      ...openJson(sceneOf(draft.id(slug), content)),
    });
  }
  // Four bytes of length in front; an unknown field of five bytes of key and length fills the rest.
  const filler = CIPHERTEXT_BYTES_MAX - TAG_BYTES - 4 - sceneFor(draft.id('text')).parts.plaintext.length - 5;
  const unknown = Buffer.concat([Buffer.from('fa01', 'hex'), varint(filler), Buffer.alloc(filler)]);
  const scene = textWith(draft, unknown);
  if (scene.sealed.ciphertext.length !== CIPHERTEXT_BYTES_MAX)
    throw new Error('the ciphertext is not of the largest size');
  draft.positive('ciphertext-largest', {
    req: ['EN-04', 'EN-15'],
    flags: ['EnvelopeSizeUnchecked'],
    comment: 'A ciphertext of CIPHERTEXT_BYTES_MAX; an unknown field of the plaintext fills it.',
    ...openJson(scene),
  });
}
