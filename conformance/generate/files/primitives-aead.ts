import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';

const LENGTHS = [0, 1, 15, 16, 17, 63, 64, 65, 256];

type Known = {
  vectors: {
    source: string;
    algorithm: string;
    key: string;
    nonce: string;
    ad: string;
    plaintext: string;
    ciphertext: string;
  }[];
};

export function aeadSealFile(): Draft {
  const draft = new Draft('primitives/xchacha20poly1305-seal', 'aead.xchacha20poly1305.seal');
  const { source, key, nonce, ad, plaintext, ciphertext } = draftVector();
  draft.positive('draft-xchacha-03', {
    req: ['EN-11', 'SC-21'],
    comment: 'XChaCha20-Poly1305 as its draft has it.',
    source,
    in: { key, nonce, ad, plaintext },
    ok: { ciphertext },
  });
  for (const length of LENGTHS) {
    const { key, nonce, ad, plaintext, sealed } = sample(draft.id(`${length}-bytes`), length);
    draft.positive(`${length}-bytes`, {
      req: ['EN-11', 'SC-21'],
      comment: `${length} bytes of plaintext, ${length % 3 === 0 ? 'no' : 'some'} associated data; the tag comes last.`,
      in: { key, nonce, ad, plaintext },
      ok: { ciphertext: sealed },
    });
  }
  return draft;
}

export function aeadOpenFile(): Draft {
  const draft = new Draft('primitives/xchacha20poly1305-open', 'aead.xchacha20poly1305.open', { opens: true });
  const { source, key, nonce, ad, plaintext, ciphertext } = draftVector();
  draft.positive('draft-xchacha-03', {
    req: ['EN-11', 'SC-21'],
    comment: 'XChaCha20-Poly1305 as its draft has it.',
    source,
    in: { key, nonce, ad, ciphertext },
    ok: { plaintext },
  });
  for (const length of [0, 64, 256]) {
    const { key, nonce, ad, plaintext, sealed } = sample(draft.id(`${length}-bytes`), length);
    draft.positive(`${length}-bytes`, {
      req: ['EN-11', 'SC-21'],
      comment: `${length} bytes of plaintext open.`,
      in: { key, nonce, ad, ciphertext: sealed },
      ok: { plaintext },
    });
  }
  const refuse = draft.refusals({ of: '64-bytes', req: ['EN-11'], reject: 'envelope.auth' });
  refuse('ciphertext-first-byte', 'CiphertextMalleable', 'A bit of the first ciphertext byte.', [
    'flip',
    'in.ciphertext',
    { at: 0 },
  ]);
  refuse('ciphertext-last-byte', 'CiphertextMalleable', 'A bit of the last ciphertext byte.', [
    'flip',
    'in.ciphertext',
    { at: 63 },
  ]);
  for (const at of [-16, -9, -8, -1]) {
    refuse(`tag-byte-${16 + at}`, 'TagCutShort', `Only byte ${16 + at} of the tag differs: the whole tag counts.`, [
      'flip',
      'in.ciphertext',
      { at },
    ]);
  }
  refuse('tag-all-bits', 'TagCutShort', 'The highest bit of the last tag byte.', [
    'flip',
    'in.ciphertext',
    { at: -1, mask: 128 },
  ]);
  refuse('tag-absent', 'TagCutShort', 'The ciphertext without its tag.', ['truncate', 'in.ciphertext', 64]);
  refuse('tag-one-byte-less', 'TagCutShort', '15 bytes of tag.', ['truncate', 'in.ciphertext', 79]);
  refuse('shorter-than-a-tag', 'TagCutShort', '15 bytes in all.', ['truncate', 'in.ciphertext', 15]);
  refuse('empty', 'TagCutShort', 'Nothing at all.', ['truncate', 'in.ciphertext', 0]);
  refuse('extended', 'CiphertextMalleable', 'One byte behind the tag.', ['extend', 'in.ciphertext', '00']);
  refuse('other-key', 'KeyUnbound', 'The key of another case.', ['splice', 'in.key', '256-bytes']);
  refuse('other-nonce', 'NonceUnbound', 'The nonce of another case.', ['splice', 'in.nonce', '256-bytes']);
  refuse('nonce-last-byte', 'NonceUnbound', 'The last of the 24 nonce bytes counts.', ['flip', 'in.nonce', { at: -1 }]);
  refuse('nonce-byte-16', 'NonceUnbound', 'The byte behind what HChaCha20 takes counts.', [
    'flip',
    'in.nonce',
    { at: 16 },
  ]);
  refuse('ad-empty', 'AssociatedDataUnbound', 'The associated data is left out.', ['set', 'in.ad', '']);
  refuse('ad-flipped', 'AssociatedDataUnbound', 'A bit of the associated data.', ['flip', 'in.ad', { at: 0 }]);
  refuse('ad-extended', 'AssociatedDataUnbound', 'A zero byte behind the associated data.', ['extend', 'in.ad', '00']);
  refuse('ad-truncated', 'AssociatedDataUnbound', 'A byte of associated data less.', ['truncate', 'in.ad', -1]);
  return draft;
}

function draftVector(): Known['vectors'][number] {
  const known = published<Known>('crypto/aead.json').vectors.find(
    ({ algorithm }) => algorithm === 'XChaCha20-Poly1305',
  );
  if (known === undefined) throw new Error('no XChaCha20-Poly1305 vector is published');
  return known;
}

function sample(id: string, length: number) {
  const [key, nonce] = [labelled(id, 'key'), labelled(id, 'nonce', 24)];
  const [ad, plaintext] = [labelled(id, 'ad', length % 3 === 0 ? 0 : 29), labelled(id, 'plaintext', length)];
  const sealed = hex(xchacha20poly1305(key, nonce, ad).encrypt(plaintext));
  return { key: hex(key), nonce: hex(nonce), ad: hex(ad), plaintext: hex(plaintext), sealed };
}
