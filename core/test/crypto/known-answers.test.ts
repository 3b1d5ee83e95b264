import { concat, toHex, utf8 } from '@0k-sync/core/bytes';
import type { HashName } from '@0k-sync/core/crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { shake128 } from '@noble/hashes/sha3.js';
import t from 'tap';
import { bytes, providers, readVectors } from './providers.ts';

type Strings = Readonly<Record<string, string>>;
type Vectors<Vector = Strings> = { readonly vectors: readonly Vector[] };

const aead = readVectors<Vectors>('crypto/aead');
const x25519 = readVectors<{ shared: Strings[]; public: Strings[]; iterated: Strings; all_zero_result: string[] }>(
  'crypto/x25519',
);
const ed25519 = readVectors<Vectors>('crypto/ed25519');
const hkdf = readVectors<Vectors>('crypto/hkdf-sha256');
const hmac = readVectors<Vectors>('crypto/hmac-sha256');
const hashes = readVectors<
  Vectors<{ source: string; hash: HashName; message: string; digest: string }> & {
    blake3: { digests: Strings };
  }
>('crypto/hashes');
const argon2id =
  readVectors<
    Vectors<{
      memory_kib: number;
      iterations: number;
      parallelism: number;
      password: string;
      salt: string;
      tag: string;
    }>
  >('crypto/argon2id');
const mlKem = readVectors<{ rounds: number; digest: string }>('crypto/ml-kem-768');
const xWing = readVectors<Strings & { readonly vectors: readonly Strings[] }>('crypto/x-wing');

for (const [name, crypto] of providers) {
  t.test(`SC-21 ${name}: AEAD`, async (t) => {
    for (const vector of aead.vectors) {
      const extended = vector['algorithm'] === 'XChaCha20-Poly1305';
      const [seal, open] = extended ? [crypto.xchachaSeal, crypto.xchachaOpen] : [crypto.chachaSeal, crypto.chachaOpen];
      const [key, nonce, ad] = [bytes(vector['key']), bytes(vector['nonce']), bytes(vector['ad'])];
      t.equal(toHex(seal(key, nonce, ad, bytes(vector['plaintext']))), vector['ciphertext'], `${vector['source']}`);
      t.strictSame(open(key, nonce, ad, bytes(vector['ciphertext'])), bytes(vector['plaintext']));
    }
  });

  t.test(`SC-21 ${name}: X25519`, async (t) => {
    for (const vector of x25519.shared) {
      const shared = crypto.x25519(bytes(vector['secret']), bytes(vector['public']));
      t.strictSame(shared, bytes(vector['shared']));
    }
    for (const vector of x25519.public) {
      t.equal(toHex(crypto.x25519PublicKey(bytes(vector['secret']))), vector['public']);
    }
    let [scalar, point] = [bytes(x25519.iterated['start']), bytes(x25519.iterated['start'])];
    for (let round = 1; round <= 1000; round++) {
      const next = crypto.x25519(scalar, point) ?? new Uint8Array(32);
      [scalar, point] = [next, scalar];
      if (round === 1) t.equal(toHex(scalar), x25519.iterated['after_1']);
    }
    t.equal(toHex(scalar), x25519.iterated['after_1000']);
  });

  t.test(`HS-05 ${name}: X25519 refuses what gives an all-zero result`, async (t) => {
    for (const point of x25519.all_zero_result) {
      t.equal(crypto.x25519(new Uint8Array(32).fill(7), bytes(point)), undefined, point);
      const highBit = bytes(point);
      highBit[31] = (highBit[31] ?? 0) | 0x80;
      t.equal(crypto.x25519(new Uint8Array(32).fill(7), highBit), undefined, `${point} with the ignored bit set`);
    }
  });

  t.test(`SC-21 ${name}: Ed25519`, async (t) => {
    for (const vector of ed25519.vectors) {
      const [seed, message] = [bytes(vector['seed']), bytes(vector['message'])];
      t.equal(toHex(crypto.ed25519PublicKey(seed)), vector['public']);
      t.equal(toHex(crypto.ed25519Sign(message, crypto.ed25519SigningKey(seed))), vector['signature']);
      t.ok(crypto.ed25519Verify(bytes(vector['signature']), message, bytes(vector['public'])));
    }
  });

  t.test(`SC-21 ${name}: hashes, HMAC and HKDF`, async (t) => {
    for (const vector of hashes.vectors) {
      t.equal(toHex(crypto.hash(vector.hash, bytes(vector.message))), vector.digest, vector.source);
    }
    for (const [length, digest] of Object.entries(hashes.blake3.digests)) {
      const input = Uint8Array.from({ length: Number(length) }, (_, index) => index % 251);
      t.equal(toHex(crypto.blake3(input)), digest, `BLAKE3 of ${length} bytes`);
      t.equal(toHex(crypto.blake3(input.subarray(0, 1), input.subarray(1))), digest, 'in two parts');
    }
    for (const vector of hmac.vectors) {
      t.equal(toHex(crypto.hmac('SHA256', bytes(vector['key']), bytes(vector['data']))), vector['mac']);
    }
    for (const vector of hkdf.vectors) {
      const okm = bytes(vector['okm']);
      const [ikm, salt, info] = [bytes(vector['ikm']), bytes(vector['salt']), bytes(vector['info'])];
      t.strictSame(crypto.hkdf(ikm, salt, info, okm.length), okm);
    }
  });

  t.test(`SC-21 ${name}: Argon2id`, async (t) => {
    for (const { memory_kib, iterations, parallelism, password, salt, tag } of argon2id.vectors) {
      const parameters = { memoryKib: memory_kib, iterations, parallelism };
      t.equal(toHex(crypto.argon2id(bytes(password), bytes(salt), parameters, 32)), tag);
    }
  });

  t.test(`SC-21 ${name}: ML-KEM-768, accumulated`, async (t) => {
    const input = shake128.create({});
    const output = shake128.create({});
    for (let round = 0; round < mlKem.rounds; round++) {
      const keys = crypto.mlkemKeys(input.xof(64));
      output.update(keys.encapsulationKey);
      const result = crypto.mlkemEncapsulate(keys.encapsulationKey, input.xof(32));
      if (result === undefined) throw new Error('the key was refused');
      output.update(result.ciphertext).update(result.sharedSecret);
      t.strictSame(crypto.mlkemDecapsulate(keys, result.ciphertext), result.sharedSecret);
      output.update(crypto.mlkemDecapsulate(keys, input.xof(1088)));
    }
    t.equal(toHex(output.xof(32)), mlKem.digest);
  });

  t.test(`SC-21 ${name}: X-Wing public key`, async (t) => {
    const publicKey = crypto.xwingPublicKey(bytes(xWing['seed']));
    t.equal(publicKey.length, 1216);
    t.ok(toHex(publicKey).startsWith(xWing['public_begins'] ?? '-'));
    t.ok(toHex(publicKey).endsWith(xWing['public_ends'] ?? '-'));
    t.equal(toHex(sha256(publicKey)), xWing['public_sha256']);
  });

  t.test(`SC-21 ${name}: X-Wing, the vectors of the draft`, async (t) => {
    t.equal(xWing.vectors.length, 3);
    for (const vector of xWing.vectors) {
      const [seed, ciphertext] = [bytes(vector['seed']), bytes(vector['ct'])];
      t.equal(toHex(crypto.xwingPublicKey(seed)), vector['pk']);
      const made = crypto.xwingEncapsulate(bytes(vector['pk']), bytes(vector['eseed']));
      t.equal(made && toHex(made.ciphertext), vector['ct']);
      t.equal(made && toHex(made.sharedSecret), vector['ss']);
      t.strictSame(crypto.xwingDecapsulate(seed, ciphertext), bytes(vector['ss']));
    }
  });

  t.test(`OV-20 ${name}: hashing parts is hashing what they make together`, async (t) => {
    const parts = [utf8('0k-sync/v1/'), new Uint8Array(0), utf8('group-id'), new Uint8Array(200)];
    t.strictSame(crypto.blake3(...parts), crypto.blake3(concat(...parts)));
    for (const hash of ['BLAKE2s', 'SHA256'] as const) {
      t.strictSame(crypto.hash(hash, ...parts), crypto.hash(hash, concat(...parts)));
      t.strictSame(
        crypto.hmac(hash, parts[0] ?? utf8(''), ...parts),
        crypto.hmac(hash, utf8('0k-sync/v1/'), concat(...parts)),
      );
    }
  });
}
