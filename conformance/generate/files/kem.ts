import { hexToBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { Bytes } from '../../src/faults/evaluate.ts';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';
import type { Names } from '../rows.ts';

const SAMPLES = ['first', 'second', 'third'];

/** Computes the shared secret that implicit rejection gives for the changed ciphertext. */
const names: Names = {
  decapsulated: ({ twin }) => {
    const { secretKey } = ml_kem768.keygen(hexToBytes(String(twin.in['dz'])));
    return new Bytes(hex(ml_kem768.decapsulate(hexToBytes(String(twin.in['ct'])), secretKey)));
  },
};

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
  return draft;
}

export function decapsFile(): Draft {
  const draft = new Draft('kem/mlkem768-decaps', 'kem.mlkem768.decaps', { names });
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
  return draft;
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
