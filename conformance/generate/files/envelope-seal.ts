import { Draft } from '../draft.ts';
import { envelopeHash } from '../kit/envelope.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { sceneFor, sealJson, topics } from './envelope-samples.ts';

const METADATA_BYTES_MAX = 16 * 1024;
const CONTENT_BYTES_MAX = 192 * 1024;

export function envelopeSealFile(): Draft {
  const draft = new Draft('envelopes/seal', 'envelope.seal');
  for (const { slug, comment, req } of topics) {
    const scene = sceneFor(draft, slug);
    draft.positive(slug, {
      req,
      flags: slug.startsWith('padding') ? ['PaddingUnit'] : [],
      comment,
      ...sealJson(scene),
      ok: { envelope: hex(scene.sealed.envelope), hash: hex(scene.sealed.hash) },
    });
  }
  const refuse = (slug: string, of: string, comment: string, path: string, value: string) =>
    draft.negative(slug, {
      of,
      req: ['EN-15'],
      flags: ['ContentUnlimited'],
      comment,
      reject: 'envelope.parse',
      change: ['set', path, value],
    });
  refuse(
    'metadata-too-long',
    'metadata',
    'Metadata of a byte more than 16 KiB.',
    'in.content.message.metadata',
    'm'.repeat(METADATA_BYTES_MAX + 1),
  );
  refuse(
    'metadata-too-long-in-bytes',
    'metadata',
    'Bytes count, not characters.',
    'in.content.message.metadata',
    'ä'.repeat(METADATA_BYTES_MAX / 2 + 1),
  );
  refuse(
    'text-too-long',
    'text',
    'A text of a byte more than 192 KiB.',
    'in.content.message.text',
    't'.repeat(CONTENT_BYTES_MAX + 1),
  );
  refuse('message-id-short', 'text', 'A message id of 15 bytes.', 'in.content.message.id', '00'.repeat(15));
  refuse('message-id-long', 'text', 'A message id of 17 bytes.', 'in.content.message.id', '00'.repeat(17));
  refuse('name-too-long', 'announcement', 'A name of 65 bytes.', 'in.content.announcement.name', 'n'.repeat(65));
  refuse(
    'name-too-long-in-bytes',
    'announcement',
    'A name of 33 characters and 66 bytes.',
    'in.content.announcement.name',
    'ü'.repeat(33),
  );
  return draft;
}

export function envelopeHashFile(): Draft {
  const draft = new Draft('envelopes/hash', 'envelope.hash');
  for (const [slug, header, ciphertext] of [
    ['usual', 147, 272],
    ['empty-header', 0, 272],
    ['boundary-moved', 148, 271],
  ] as const) {
    const id = draft.id(slug);
    const parts = [
      labelled(id, 'header', header),
      labelled(id, 'nonce', 24),
      labelled(id, 'ciphertext', ciphertext),
    ] as const;
    draft.positive(slug, {
      req: ['EN-12', 'OV-27', 'OV-01'],
      flags: ['HeaderLengthUnbound'],
      comment: 'H covers label, u32 length of the header, header, nonce and ciphertext.',
      in: { header: hex(parts[0]), nonce: hex(parts[1]), ciphertext: hex(parts[2]) },
      ok: { hash: hex(envelopeHash(...parts)) },
    });
  }
  return draft;
}
