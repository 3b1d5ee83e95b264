import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { Bytes } from '../../src/faults/evaluate.ts';
import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';
import type { Alter } from '../rows.ts';

const COUNTER_MAX = 2n ** 64n - 1n;
const PLAINTEXT_BYTES_MAX = 65_535 - 16;
const LARGEST = 'The largest record: 65,535 bytes of ciphertext.';
const SAMPLES: readonly (readonly [string, bigint, number])[] = [
  ['one-byte', 0n, 1],
  ['counter-1', 1n, 40],
  ['counter-256', 256n, 40],
  ['counter-2-pow-32', 2n ** 32n, 40],
  ['counter-2-pow-53', 2n ** 53n + 1n, 40],
  ['counter-last', COUNTER_MAX - 1n, 40],
];
const EMPTY = new Uint8Array(0);

/** A record by RFC 8439 and HS-09: 4 zero bytes, then n little-endian. */
function seal(key: Uint8Array, n: bigint, plaintext: Uint8Array, alter: Alter = (_, honest) => honest): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, n, true);
  const ciphertext = chacha20poly1305(key, alter('nonce', nonce), alter('ad', EMPTY)).encrypt(plaintext);
  return concatBytes(Uint8Array.of(ciphertext.length >> 8, ciphertext.length & 255), ciphertext);
}

function sample(id: string, n: bigint, length: number) {
  const [key, plaintext] = [labelled(id, 'key'), labelled(id, 'plaintext', length)];
  return { key: hex(key), n: String(n), plaintext: hex(plaintext), record: hex(seal(key, n, plaintext)) };
}

function largest(draft: Draft) {
  const [key, plaintext] = [labelled(draft.id('largest'), 'key'), new Uint8Array(PLAINTEXT_BYTES_MAX)];
  return { key: hex(key), n: '4', plaintext: hex(plaintext), record: hex(seal(key, 4n, plaintext)) };
}

export function recordSealFile(): Draft {
  const draft = new Draft('records/seal', 'record.seal');
  for (const [slug, n, length] of SAMPLES) {
    const { record, ...input } = sample(draft.id(slug), n, length);
    draft.positive(slug, {
      req: ['WI-05', 'HS-09'],
      flags: ['NonceByteOrder'],
      comment: `A record under the counter ${n}; the nonce holds it little-endian, the length in front is big-endian.`,
      in: input,
      ok: { record },
    });
  }
  for (const [slug, comment, { record, ...input }] of [
    ['257-bytes', 'A length of two different bytes.', sample(draft.id('257-bytes'), 3n, 257)],
    ['largest', LARGEST, largest(draft)],
  ] as const) {
    draft.positive(slug, { req: ['WI-05'], comment, in: input, ok: { record } });
  }
  return draft;
}

export function recordOpenFile(): Draft {
  const names = {
    /** A record that holds nothing, and verifies as such. */
    empty_record: ({ twin }: { readonly twin: Case }) => new Bytes(hex(seal(keyOf(twin), 1n, EMPTY))),
  };
  const draft = new Draft('records/open', 'record.open', { opens: true, names, remake });
  for (const [slug, n, length] of SAMPLES) {
    const { plaintext, ...input } = sample(draft.id(slug), n, length);
    draft.positive(slug, {
      req: ['WI-05', 'HS-09'],
      comment: `A record under the counter ${n}.`,
      in: input,
      ok: { plaintext },
    });
  }
  const { plaintext, ...input } = largest(draft);
  draft.positive('largest', { req: ['WI-05'], comment: LARGEST, in: input, ok: { plaintext } });
  return draft;
}

function keyOf(twin: Case): Uint8Array {
  return Buffer.from(String(twin.in['key']), 'hex');
}

/** The twin's record sealed anew, or one under the counter that is never used. */
function remake(twin: Case, alter: Alter, slug: string): JsonObject {
  if (slug === 'counter-used-up') {
    const plaintext = labelled('records/open/counter-used-up', 'plaintext', 8);
    return { n: String(COUNTER_MAX), record: hex(seal(keyOf(twin), COUNTER_MAX, plaintext)) };
  }
  const plaintext = 'ok' in twin.expect ? String(twin.expect.ok['plaintext']) : '';
  const record = seal(keyOf(twin), BigInt(String(twin.in['n'])), Buffer.from(plaintext, 'hex'), alter);
  return { record: hex(record) };
}

export function prefaceFile(): Draft {
  return new Draft('records/preface', 'preface.parse');
}
