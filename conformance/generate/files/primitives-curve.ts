import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { Bytes } from '../../src/faults/evaluate.ts';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';
import { bytesOf, type Names } from '../rows.ts';

type Signature = { public: string; message: string; signature: string };
type Strict = Signature & { name: string; valid: boolean; why: string };
type X25519 = {
  source: string;
  shared: { secret: string; public: string; shared: string }[];
  all_zero_result: string[];
};

export function ed25519File(): Draft {
  const draft = new Draft('primitives/ed25519-verify', 'sig.ed25519.verify');
  const rfc = published<{ source: string; vectors: Signature[] }>('crypto/ed25519.json');
  for (const [index, vector] of rfc.vectors.entries()) {
    draft.positive(`rfc-8032-test-${index + 1}`, {
      req: ['SC-20', 'SC-21'],
      comment: 'A signature of RFC 8032.',
      source: rfc.source,
      in: inputOf(vector),
      ok: {},
    });
  }
  const strict = published<{ source: string; vectors: Strict[] }>('crypto/ed25519-strict.json');
  for (const vector of strict.vectors.filter(({ valid }) => valid)) {
    draft.positive(slugOf(vector.name), {
      req: ['SC-20'],
      flags: vector.name === 'plain' ? [] : ['CofactoredVerification'],
      comment: `${capital(vector.why)}.`,
      source: strict.source,
      in: inputOf(vector),
      ok: {},
    });
  }
  for (const vector of strict.vectors.filter(({ valid }) => !valid)) {
    draft.negative(slugOf(vector.name), {
      of: 'plain',
      req: ['SC-20'],
      flags: [flagOf(vector.name)],
      comment: `${capital(vector.why)}.`,
      source: strict.source,
      reject: 'envelope.auth',
      change: { remade: vector.name, in: inputOf(vector) },
    });
  }
  lengths(draft);
  return draft;
}

/** Signatures whose other length hides: what is missing is a zero, what is too much is the message's. */
function lengths(draft: Draft): void {
  const [seed, pk] = [
    labelled(draft.id('lengths'), 'seed'),
    hex(ed25519.getPublicKey(labelled(draft.id('lengths'), 'seed'))),
  ];
  let index = 0;
  const next = () => labelled(draft.id('lengths'), `message-${index}`, 40);
  while (ed25519.sign(next(), seed).at(-1) !== 0) index += 1;
  const [msg, sig] = [hex(next()), hex(ed25519.sign(next(), seed))];
  draft.positive('s-ends-in-zero', {
    req: ['SC-20'],
    comment: 'A signature whose last byte is 0.',
    in: { pk, msg, sig },
    ok: {},
  });
}

export function x25519File(): Draft {
  /** The public key of the secret: what it makes of the base point, 9. */
  const names: Names = {
    public_key: ({ twin }) => new Bytes(hex(x25519.scalarMultBase(bytesOf(String(twin.in['sk']))))),
  };
  const draft = new Draft('primitives/x25519', 'dh.x25519', { names });
  const known = published<X25519>('crypto/x25519.json');
  for (const [index, vector] of known.shared.entries()) {
    draft.positive(`rfc-7748-${index + 1}`, {
      req: ['SC-21'],
      comment: 'X25519 as RFC 7748 has it; the second public key has its highest bit set, which is ignored.',
      source: known.source,
      in: { sk: vector.secret, pk: vector.public },
      ok: { shared: vector.shared },
    });
  }
  for (const slug of ['first', 'second']) {
    const [secret, other] = [labelled(draft.id(slug), 'sk'), labelled(draft.id(slug), 'other')];
    const pk = x25519.getPublicKey(other);
    draft.positive(slug, {
      req: ['SC-21'],
      comment: 'A secret that is not clamped is clamped by the function.',
      in: { sk: hex(secret), pk: hex(pk) },
      ok: { shared: hex(x25519.getSharedSecret(secret, pk)) },
    });
  }
  const points = ['zero', 'one', 'order-8-first', 'order-8-second', 'p-minus-1', 'p', 'p-plus-1'];
  for (const [index, point] of known.all_zero_result.entries()) {
    draft.negative(`low-order-${points[index] ?? index}`, {
      of: 'first',
      req: ['HS-05'],
      flags: ['LowOrderPoint'],
      comment: 'A point of small order gives zeros, whatever the secret.',
      source: known.source,
      reject: 'handshake.auth',
      change: [{ op: 'set', path: 'in.pk', arg: point }],
    });
  }
  return draft;
}

function inputOf({ public: pk, message: msg, signature: sig }: Signature) {
  return { pk, msg, sig };
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/=/g, 'is')
    .replace(/\+/g, 'plus')
    .replace(/…/g, '-')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function flagOf(name: string): string {
  if (name.startsWith('S ')) return 'SignatureMalleable';
  if (name.includes('not canonical') || name.includes('not on the curve') || name === 'A all ones')
    return 'PointNotCanonical';
  if (name.includes('cofactored only')) return 'CofactoredVerification';
  return name === 'other message' ? 'SignatureUnchecked' : 'SmallOrderSigner';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
