import { hexToBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';

interface Published {
  readonly vectors_source: string;
  readonly vectors: readonly { readonly [name in 'seed' | 'eseed' | 'pk' | 'ct' | 'ss']: string }[];
}

const known = published<Published>('crypto/x-wing.json');

export function xwingEncapsFile(): Draft {
  const draft = new Draft('kem/xwing-encaps', 'kem.xwing.encaps');
  for (const [index, { pk, eseed, ct, ss }] of known.vectors.entries()) {
    draft.positive(`published-${index + 1}`, {
      req: ['SC-21'],
      comment: 'A vector of the draft: m of ML-KEM-768, then the ephemeral X25519 secret.',
      source: known.vectors_source,
      in: { pk, eseed },
      ok: { ct, ss },
    });
  }
  const [{ pk, eseed } = { pk: '', eseed: '' }] = known.vectors;
  const faults: readonly (readonly [string, string, string])[] = [
    ['zero-point', 'The X25519 part of the key is zero.', pk.slice(0, 2368) + '00'.repeat(32)],
    ['modulus', 'A coefficient of 4095.', `ffffff${pk.slice(6)}`],
    ['short', 'One byte less.', pk.slice(2)],
  ];
  for (const [slug, comment, key] of faults) {
    const change = { remade: slug, in: { pk: key, eseed } };
    draft.negative(slug, { of: 'published-1', req: ['RO-18'], comment, reject: 'handshake.kem', change });
  }
  return draft;
}

export function xwingDecapsFile(): Draft {
  const draft = new Draft('kem/xwing-decaps', 'kem.xwing.decaps');
  for (const [index, { seed, ct, ss }] of known.vectors.entries()) {
    draft.positive(`published-${index + 1}`, {
      req: ['SC-21'],
      comment: 'A vector of the draft.',
      source: known.vectors_source,
      in: { seed, ct },
      ok: { ss },
    });
  }
  const [{ seed, ct } = { seed: '', ct: '' }] = known.vectors;
  const madeUp = labelled(draft.id('made-up'), 'ct', 1120);
  draft.positive('made-up', {
    req: ['HS-07', 'SC-21'],
    comment: 'Implicit rejection stays invisible: a ciphertext that was made up gives a secret.',
    in: { seed, ct: hex(madeUp) },
    ok: { ss: hex(ml_kem768_x25519.decapsulate(madeUp, hexToBytes(seed))) },
  });
  const faults: readonly (readonly [string, string, string])[] = [
    ['zero-point', 'The X25519 part is zero.', ct.slice(0, 2176) + '00'.repeat(32)],
    ['short', 'One byte less.', ct.slice(2)],
    ['long', 'One byte more.', `${ct}00`],
  ];
  for (const [slug, comment, changed] of faults) {
    const change = { remade: slug, in: { seed, ct: changed } };
    draft.negative(slug, { of: 'published-1', req: ['RO-18'], comment, reject: 'handshake.kem', change });
  }
  return draft;
}
