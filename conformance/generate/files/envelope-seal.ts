import { Draft } from '../draft.ts';
import { envelopeHash } from '../kit/envelope.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { sceneFor, sealJson, topics } from './envelope-samples.ts';

export function envelopeSealFile(): Draft {
  const draft = new Draft('envelopes/seal', 'envelope.seal');
  for (const [slug, req, comment] of topics) {
    const scene = sceneFor(draft.id(slug));
    draft.positive(slug, {
      req,
      flags: slug.startsWith('padding') ? ['PaddingUnit'] : [],
      comment,
      ...sealJson(scene),
      ok: { envelope: hex(scene.sealed.envelope), hash: hex(scene.sealed.hash) },
    });
  }
  return draft;
}

export function envelopeHashFile(): Draft {
  const draft = new Draft('envelopes/hash', 'envelope.hash');
  for (const [slug, headerLength, ciphertextLength] of [
    ['usual', 147, 272],
    ['empty-header', 0, 272],
    ['boundary-moved', 148, 271],
  ] as const) {
    const id = draft.id(slug);
    const [header, nonce] = [labelled(id, 'header', headerLength), labelled(id, 'nonce', 24)];
    const ciphertext = labelled(id, 'ciphertext', ciphertextLength);
    draft.positive(slug, {
      req: ['EN-12', 'OV-27', 'OV-01'],
      flags: ['HeaderLengthUnbound'],
      comment: 'H covers label, u32 length of the header, header, nonce and ciphertext.',
      in: { header: hex(header), nonce: hex(nonce), ciphertext: hex(ciphertext) },
      ok: { hash: hex(envelopeHash(header, nonce, ciphertext)) },
    });
  }
  return draft;
}
