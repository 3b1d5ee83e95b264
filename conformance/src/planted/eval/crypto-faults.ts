import { createHash } from 'node:crypto';
import { concat, equal, fromHex, toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { Members } from '../../zkcp/protocol.ts';
import { Reject } from '../../zkcp/serve.ts';
import type { Behaviour } from './behaviour.ts';

const TAG_BYTES = 16;
const TAG_BYTES_COMPARED = 8;
const NO_DATA = new Uint8Array();

type Seal = CryptoProvider['xchachaSeal'];
type Open = CryptoProvider['xchachaOpen'];

/** Decrypts a ciphertext without a look at its tag. */
function decryptUnauthenticated(seal: Seal, ...[key, nonce, ad, ciphertext]: Parameters<Open>): Uint8Array {
  return seal(key, nonce, ad, ciphertext.subarray(0, -TAG_BYTES)).subarray(0, -TAG_BYTES);
}

function openShortTag(seal: Seal): Open {
  return (key, nonce, ad, ciphertext) => {
    if (ciphertext.length < TAG_BYTES) return undefined;
    const plaintext = decryptUnauthenticated(seal, key, nonce, ad, ciphertext);
    const tag = seal(key, nonce, ad, plaintext).subarray(-TAG_BYTES);
    const given = ciphertext.subarray(-TAG_BYTES);
    return equal(tag.subarray(0, TAG_BYTES_COMPARED), given.subarray(0, TAG_BYTES_COMPARED)) ? plaintext : undefined;
  };
}

/** The last plaintext that came out before its tag was known to be wrong. */
let released = '';

function openReleasing(seal: Seal, open: Open): Open {
  return (key, nonce, ad, ciphertext) => {
    if (ciphertext.length >= TAG_BYTES) released = toHex(decryptUnauthenticated(seal, key, nonce, ad, ciphertext));
    return open(key, nonce, ad, ciphertext);
  };
}

const COEFFICIENT_BITS = 12;
const COEFFICIENTS = 768;
const Q = 3329;

/** An encapsulation key with its coefficients reduced modulo q: what arithmetic without a check computes with. */
export function reduced(encapsulationKey: Uint8Array): Uint8Array {
  const key = encapsulationKey.slice();
  for (let index = 0; index < COEFFICIENTS; index += 1) {
    const at = Math.floor((index * COEFFICIENT_BITS) / 8);
    const [low = 0, high = 0] = key.subarray(at, at + 2);
    const isEven = index % 2 === 0;
    const coefficient = (isEven ? low | ((high & 0x0f) << 8) : (low >> 4) | (high << 4)) % Q;
    key[at] = isEven ? coefficient & 0xff : (low & 0x0f) | ((coefficient & 0x0f) << 4);
    key[at + 1] = isEven ? (high & 0xf0) | (coefficient >> 8) : coefficient >> 4;
  }
  return key;
}

/** The secret that FIPS 203 gives for a ciphertext that does not fit: J(z || c). */
function implicitSecret({ dz, ct }: Members): string {
  const z = String(dz).slice(64);
  return createHash('shake256', { outputLength: 32 }).update(`${z}${ct}`, 'hex').digest('hex');
}

const ZERO_SECRET = new Uint8Array(32);

/** The messages of a handshake that are left when the last one is not looked at. */
function withoutLast(input: Members): Members | undefined {
  const receive = input['receive'];
  return Array.isArray(receive) && receive.length > 1 ? { ...input, receive: receive.slice(0, -1) } : undefined;
}

/** Mistakes that interoperate with themselves, and mostly with everybody. */
export const cryptoFaults: Readonly<Record<string, Behaviour>> = {
  'compares-8-tag-bytes': {
    crypto: (sound) => ({ xchachaOpen: openShortTag(sound.xchachaSeal), chachaOpen: openShortTag(sound.chachaSeal) }),
  },
  'releases-plaintext-early': {
    crypto: (sound) => ({ xchachaOpen: openReleasing(sound.xchachaSeal, sound.xchachaOpen) }),
    evaluate: ({ ask }) => {
      released = '';
      try {
        return ask();
      } catch (error) {
        if (error instanceof Reject && released !== '') throw new Reject(error.class, error.code, `not ${released}`);
        throw error;
      }
    },
  },
  'associated-data-unbound': {
    crypto: (sound) => ({
      xchachaSeal: (key, nonce, _ad, plaintext) => sound.xchachaSeal(key, nonce, NO_DATA, plaintext),
      xchachaOpen: (key, nonce, _ad, ciphertext) => sound.xchachaOpen(key, nonce, NO_DATA, ciphertext),
      chachaSeal: (key, nonce, _ad, plaintext) => sound.chachaSeal(key, nonce, NO_DATA, plaintext),
      chachaOpen: (key, nonce, _ad, ciphertext) => sound.chachaOpen(key, nonce, NO_DATA, ciphertext),
    }),
  },
  'hashes-in-one-step': {
    // The body, nonce and ciphertext, stands for its own hash.
    crypto: (sound, op) => ({
      blake3: (label, ...parts) =>
        op() === 'envelope.hash' && parts.length === 2 ? concat(...parts) : sound.blake3(label, ...parts),
    }),
  },
  'ignores-the-kem-secret': {
    crypto: (sound, op) => ({
      mlkemEncapsulate: (key, m) => {
        const result = sound.mlkemEncapsulate(key, m);
        return result && op().startsWith('hs.') ? { ...result, sharedSecret: ZERO_SECRET.slice() } : result;
      },
      mlkemDecapsulate: (keys, ciphertext) =>
        op().startsWith('hs.') ? ZERO_SECRET.slice() : sound.mlkemDecapsulate(keys, ciphertext),
    }),
  },
  'skips-the-modulus-check': {
    evaluate: ({ op, input, ask }) => {
      if (op !== 'kem.mlkem768.encaps') return ask();
      const key = fromHex(String(input['ek'])) ?? NO_DATA;
      return key.length === 1184 ? ask({ ...input, ek: toHex(reduced(key)) }) : ask();
    },
  },
  'shows-implicit-rejection': {
    evaluate: ({ op, input, ask }) => {
      const answer = ask();
      if (op === 'kem.mlkem768.decaps' && answer['ss'] === implicitSecret(input)) throw new Reject('handshake.kem');
      return answer;
    },
  },
  'trusts-any-peer-static': {
    evaluate: ({ op, input, ask }) => {
      if (op !== 'hs.initiator') return ask();
      const { pin: _, ...rest } = input;
      return ask(rest);
    },
  },
  'accepts-low-order-points': {
    crypto: (sound) => ({
      x25519: (secret, point) => sound.x25519(secret, point) ?? (point.length === 32 ? ZERO_SECRET.slice() : undefined),
    }),
  },
  'takes-messages-out-of-order': {
    evaluate: ({ op, input, ask }) => {
      try {
        return ask();
      } catch (error) {
        const fewer =
          op.startsWith('hs.') && error instanceof Reject && error.class === 'handshake.order'
            ? withoutLast(input)
            : undefined;
        if (fewer) return ask(fewer);
        throw error;
      }
    },
  },
};
