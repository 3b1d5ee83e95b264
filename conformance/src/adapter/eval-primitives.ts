import { toHex } from '@0k-sync/core/bytes';
import { areAcceptable } from '@0k-sync/core/pairing';
import { Reject } from '../zkcp/serve.ts';
import { crypto, given, type Ops } from './op.ts';

const MLKEM_CIPHERTEXT_BYTES = 1088;
/** PA-08 bounds the costs; the salt's length is the link's business. */
const ANY_SALT = new Uint8Array(16);

/** The suite's primitives, as every provider gives them. SC-21. */
export const primitiveOps = {
  'hash.blake3': (input) => ({ hash: toHex(crypto.blake3(input.bytes('data'))) }),

  'kdf.hkdf-sha256': (input) => ({
    okm: toHex(crypto.hkdf(input.bytes('ikm'), input.bytes('salt'), input.bytes('info'), input.number('len'))),
  }),

  'kdf.argon2id': (input) => {
    const costs = { memoryKib: input.number('m_kib'), iterations: input.number('t'), parallelism: input.number('p') };
    const [password, salt, length] = [input.bytes('password'), input.bytes('salt'), input.number('len')];
    if (!areAcceptable({ salt: ANY_SALT, ...costs })) throw new Reject('invite.parse');
    return { key: toHex(crypto.argon2id(password, salt, costs, length)) };
  },

  'aead.xchacha20poly1305.seal': (input) => {
    const [key, nonce] = [input.bytes('key', 32), input.bytes('nonce', 24)];
    return { ciphertext: toHex(crypto.xchachaSeal(key, nonce, input.bytes('ad'), input.bytes('plaintext'))) };
  },

  'aead.xchacha20poly1305.open': (input) => {
    const [key, nonce] = [input.bytes('key', 32), input.bytes('nonce', 24)];
    const plaintext = crypto.xchachaOpen(key, nonce, input.bytes('ad'), input.bytes('ciphertext'));
    return { plaintext: toHex(given(plaintext, 'envelope.auth')) };
  },

  'kem.mlkem768.keygen': (input) => ({ ek: toHex(crypto.mlkemKeys(input.bytes('dz', 64)).encapsulationKey) }),

  'kem.mlkem768.encaps': (input) => {
    const result = given(crypto.mlkemEncapsulate(input.bytes('ek'), input.bytes('m', 32)), 'handshake.kem');
    return { ct: toHex(result.ciphertext), ss: toHex(result.sharedSecret) };
  },

  'kem.mlkem768.decaps': (input) => {
    const [keys, ciphertext] = [crypto.mlkemKeys(input.bytes('dz', 64)), input.bytes('ct')];
    if (ciphertext.length !== MLKEM_CIPHERTEXT_BYTES) throw new Reject('handshake.kem');
    return { ss: toHex(crypto.mlkemDecapsulate(keys, ciphertext)) };
  },

  'kem.xwing.keygen': (input) => ({ pk: toHex(crypto.xwingPublicKey(input.bytes('seed', 32))) }),

  'kem.xwing.encaps': (input) => {
    const made = given(crypto.xwingEncapsulate(input.bytes('pk'), input.bytes('eseed', 64)), 'handshake.kem');
    return { ct: toHex(made.ciphertext), ss: toHex(made.sharedSecret) };
  },

  'kem.xwing.decaps': (input) => {
    const shared = crypto.xwingDecapsulate(input.bytes('seed', 32), input.bytes('ct'));
    return { ss: toHex(given(shared, 'handshake.kem')) };
  },

  'sig.ed25519.verify': (input) => {
    if (!crypto.ed25519Verify(input.bytes('sig'), input.bytes('msg'), input.bytes('pk'))) {
      throw new Reject('envelope.auth');
    }
    return {};
  },

  'dh.x25519': (input) => {
    const shared = crypto.x25519(input.bytes('sk', 32), input.bytes('pk'));
    return { shared: toHex(given(shared, 'handshake.auth')) };
  },
} satisfies Ops;
