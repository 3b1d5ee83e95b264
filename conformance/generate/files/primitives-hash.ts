import { argon2id } from '@noble/hashes/argon2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';

const MIB = 1024;
const PUBLISHED_BYTES_MAX = 2049;

export function blake3File(): Draft {
  const draft = new Draft('primitives/blake3', 'hash.blake3');
  const { blake3: known } = published<{ blake3: { source: string; digests: Record<string, string> } }>(
    'crypto/hashes.json',
  );
  for (const [length, hash] of Object.entries(known.digests)) {
    if (Number(length) > PUBLISHED_BYTES_MAX) continue;
    const data = Uint8Array.from({ length: Number(length) }, (_, index) => index % 251);
    draft.positive(`published-${length}-bytes`, {
      req: ['SC-21'],
      comment: `BLAKE3-256 of ${length} bytes, as its authors publish it.`,
      source: known.source,
      in: { data: hex(data) },
      ok: { hash },
    });
  }
  for (const length of [63, 64, 65, 255, 3072]) {
    const data = labelled(draft.id(`${length}-bytes`), 'data', length);
    draft.positive(`${length}-bytes`, {
      req: ['SC-21'],
      comment: `BLAKE3-256 of ${length} bytes, at and around block and chunk edges.`,
      in: { data: hex(data) },
      ok: { hash: hex(blake3(data)) },
    });
  }
  return draft;
}

export function hkdfFile(): Draft {
  const draft = new Draft('primitives/hkdf-sha256', 'kdf.hkdf-sha256');
  type Known = { source: string; vectors: { ikm: string; salt: string; info: string; okm: string }[] };
  const known = published<Known>('crypto/hkdf-sha256.json');
  for (const [index, { okm, ...input }] of known.vectors.entries()) {
    const slug = ['basic', 'longer', 'empty-salt-and-info'][index] ?? `published-${index}`;
    draft.positive(`rfc-5869-${slug}`, {
      req: ['SC-21'],
      comment: 'HKDF-SHA256 as RFC 5869 has it.',
      source: known.source,
      in: { ...input, len: okm.length / 2 },
      ok: { okm },
    });
  }
  for (const [slug, length, info] of [
    ['label-only', 32, 20],
    ['label-and-group', 32, 52],
    ['one-block-less-a-byte', 31, 8],
    ['one-block-and-a-byte', 33, 8],
    ['two-blocks', 64, 27],
    ['most-blocks', 255 * 32, 8],
  ] as const) {
    const id = draft.id(slug);
    const [ikm, label] = [labelled(id, 'ikm'), labelled(id, 'info', info)];
    draft.positive(slug, {
      req: ['SC-21'],
      comment: `An empty salt, ${info} bytes of info, ${length} bytes out.`,
      in: { ikm: hex(ikm), salt: '', info: hex(label), len: length },
      ok: { okm: hex(hkdf(sha256, ikm, new Uint8Array(0), label, length)) },
    });
  }
  return draft;
}

export function argon2idFile(): Draft {
  const draft = new Draft('primitives/argon2id', 'kdf.argon2id');
  type Known = {
    source: string;
    vectors: {
      memory_kib: number;
      iterations: number;
      parallelism: number;
      password: string;
      salt: string;
      tag: string;
    }[];
  };
  const known = published<Known>('crypto/argon2id.json');
  const first = known.vectors.find(({ memory_kib }) => memory_kib >= 19 * MIB);
  if (first === undefined) throw new Error('no published Argon2id vector is within PA-08');
  draft.positive('published-64-mib', {
    req: ['PA-08', 'SC-21'],
    comment: 'Argon2id v1.3 as its reference implementation has it.',
    source: known.source,
    in: {
      password: first.password,
      salt: first.salt,
      m_kib: first.memory_kib,
      t: first.iterations,
      p: first.parallelism,
      len: 32,
    },
    ok: { key: first.tag },
  });
  const id = draft.id('floor');
  const [password, salt] = [labelled(id, 'password', 12), labelled(id, 'salt', 16)];
  draft.positive('floor', {
    req: ['PA-08', 'SC-21'],
    comment: 'The least that a reader computes: 19 MiB, t = 2, p = 1.',
    in: { password: hex(password), salt: hex(salt), m_kib: 19 * MIB, t: 2, p: 1, len: 32 },
    ok: { key: hex(argon2id(password, salt, { m: 19 * MIB, t: 2, p: 1, dkLen: 32 })) },
  });
  draft.positive('two-lanes', {
    req: ['PA-08', 'SC-21'],
    comment: 'p = 2: lanes that see each other.',
    in: { password: hex(password), salt: hex(salt), m_kib: 20 * MIB, t: 2, p: 2, len: 32 },
    ok: { key: hex(argon2id(password, salt, { m: 20 * MIB, t: 2, p: 2, dkLen: 32 })) },
  });
  return draft;
}
