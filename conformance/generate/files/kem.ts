import { hexToBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';
import type { JsonObject } from '../model.ts';

const SAMPLES = ['first', 'second', 'third'];

/** Coefficients of 12 bits, two in three bytes: byte offset, mask and comment of one that is set to at least q. */
export const NOT_REDUCED = [
  ['first-coefficient-q', { at: 0, with: '01fd' }, 'The first coefficient is q.'],
  ['second-coefficient-q', { at: 1, with: '10d0' }, 'The second coefficient is q.'],
  ['first-coefficient-4095', { at: 0, with: 'ffff' }, 'The first coefficient is 4095, its neighbour odd.'],
  ['second-coefficient-4095', { at: 1, with: 'f0ff' }, 'The second coefficient is 4095.'],
  ['last-coefficient-4095', { at: 1150, with: 'f0ff' }, 'The last coefficient is 4095.'],
  ['inner-coefficient-4095', { at: 600, with: 'ffff' }, 'A coefficient amid the second polynomial is above q.'],
  ['middle-coefficient-4095', { at: 384, with: 'ffff' }, 'A coefficient of the second polynomial is above q.'],
] as const;

export function keygenFile(): Draft {
  const draft = new Draft('kem/mlkem768-keygen', 'kem.mlkem768.keygen');
  for (const slug of [...SAMPLES, 'fourth']) {
    const dz = labelled(draft.id(slug), 'dz', 64);
    draft.positive(slug, {
      req: ['SC-21'],
      comment: 'The encapsulation key of d || z: d makes it, z does not show.',
      in: { dz: hex(dz) },
      ok: { ek: hex(ml_kem768.keygen(dz).publicKey) },
    });
  }
  return draft;
}

export function encapsFile(): Draft {
  const draft = new Draft('kem/mlkem768-encaps', 'kem.mlkem768.encaps');
  for (const slug of SAMPLES) {
    const id = draft.id(slug);
    const [{ publicKey }, m] = [ml_kem768.keygen(labelled(id, 'dz', 64)), labelled(id, 'm')];
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, m);
    draft.positive(slug, {
      req: ['SC-21'],
      comment: 'Encapsulation with a given m, as FIPS 203 has it inside.',
      in: { ek: hex(publicKey), m: hex(m) },
      ok: { ct: hex(cipherText), ss: hex(sharedSecret) },
    });
  }
  for (const [slug, arg, comment] of NOT_REDUCED) {
    draft.negative(slug, {
      of: 'first',
      req: ['HS-06'],
      flags: ['ModulusUnchecked'],
      comment,
      reject: 'handshake.kem',
      change: ['overwrite', 'in.ek', arg],
    });
  }
  for (const [slug, change, comment] of [
    ['key-empty', ['truncate', 'in.ek', 0], 'No key.'],
    ['key-one-byte-less', ['truncate', 'in.ek', -1], '1183 bytes.'],
    ['key-one-byte-more', ['extend', 'in.ek', '00'], '1185 bytes.'],
    ['key-of-ml-kem-512', ['truncate', 'in.ek', 800], 'The length of another parameter set.'],
  ] as const) {
    draft.negative(slug, {
      of: 'first',
      req: ['HS-06'],
      flags: ['KemLengthUnchecked'],
      comment,
      reject: 'handshake.kem',
      change,
    });
  }
  return draft;
}

export function decapsFile(): Draft {
  const draft = new Draft('kem/mlkem768-decaps', 'kem.mlkem768.decaps');
  for (const slug of SAMPLES) {
    const id = draft.id(slug);
    const dz = labelled(id, 'dz', 64);
    const { publicKey } = ml_kem768.keygen(dz);
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, labelled(id, 'm'));
    draft.positive(slug, {
      req: ['SC-21'],
      comment: 'What was encapsulated comes out.',
      in: { dz: hex(dz), ct: hex(cipherText) },
      ok: { ss: hex(sharedSecret) },
    });
  }
  for (const [slug, change, comment] of [
    ['first-byte-flipped', ['flip', 'in.ct', { at: 0 }], 'A bit of the first byte of u.'],
    ['last-byte-flipped', ['flip', 'in.ct', { at: -1, mask: 128 }], 'The last bit of v.'],
    ['of-another-key', ['splice', 'in.ct', 'second'], 'The ciphertext of another key.'],
    ['all-zero', ['set', 'in.ct', '00'.repeat(1088)], 'Zeros only.'],
  ] as const) {
    draft.variant(`implicit-rejection-${slug}`, 'first', change, {
      req: ['HS-07'],
      flags: ['ImplicitRejectionVisible'],
      comment: `${comment} Decapsulation gives another secret, and no error.`,
      ok: (input) => ({ ss: decapsulated(input) }),
    });
  }
  for (const [slug, change, comment] of [
    ['ciphertext-empty', ['truncate', 'in.ct', 0], 'No ciphertext.'],
    ['ciphertext-one-byte-less', ['truncate', 'in.ct', -1], '1087 bytes.'],
    ['ciphertext-one-byte-more', ['extend', 'in.ct', '00'], '1089 bytes.'],
    ['ciphertext-of-ml-kem-512', ['truncate', 'in.ct', 768], 'The length of another parameter set.'],
  ] as const) {
    draft.negative(slug, {
      of: 'first',
      req: ['SC-21'],
      flags: ['KemLengthUnchecked'],
      comment,
      reject: 'handshake.kem',
      change,
    });
  }
  return draft;
}

function decapsulated(input: JsonObject): string {
  const { secretKey } = ml_kem768.keygen(hexToBytes(String(input['dz'])));
  return hex(ml_kem768.decapsulate(hexToBytes(String(input['ct'])), secretKey));
}

export function xwingFile(): Draft {
  const draft = new Draft('kem/xwing-keygen', 'kem.xwing.keygen');
  const known = published<{ source: string; seed: string; public_begins: string; public_ends: string }>(
    'crypto/x-wing.json',
  );
  const key = hex(ml_kem768_x25519.keygen(Buffer.from(known.seed, 'hex')).publicKey);
  if (!key.startsWith(known.public_begins) || !key.endsWith(known.public_ends))
    throw new Error('X-Wing is not as published');
  draft.positive('published', {
    req: ['SC-21'],
    comment: 'The first vector of the draft.',
    source: known.source,
    in: { seed: known.seed },
    ok: { pk: key },
  });
  for (const slug of SAMPLES) {
    const seed = labelled(draft.id(slug), 'seed');
    draft.positive(slug, {
      req: ['SC-21'],
      comment: 'The ML-KEM-768 key first, then the X25519 key.',
      in: { seed: hex(seed) },
      ok: { pk: hex(ml_kem768_x25519.keygen(seed).publicKey) },
    });
  }
  return draft;
}
