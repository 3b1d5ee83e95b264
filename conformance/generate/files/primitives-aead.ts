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
