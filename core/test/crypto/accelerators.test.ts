import { nobleCrypto } from '@0k-sync/core/crypto';
import { createNodeCrypto, describeMissing, loadAccelerators } from '@0k-sync/core/crypto/node';
import t from 'tap';

const installed = await loadAccelerators();
const KEY = new Uint8Array(32).fill(7);
const PARTS = [new Uint8Array(100).fill(1), new Uint8Array(9000).fill(2)];

t.test('SC-21 both accelerators are installed here', async (t) => {
  t.ok(installed.sodium);
  t.ok(installed.hashWasm);
  t.equal(describeMissing(installed), undefined);
});

t.test('each accelerator that is missing is named with what it costs', async (t) => {
  t.match(describeMissing({ hashWasm: installed.hashWasm } as typeof installed), /^sodium-native .*signatures[^.]*\.$/);
  t.match(describeMissing({ sodium: installed.sodium } as typeof installed), /^hash-wasm .*hashes[^.]*\.$/);
  t.match(describeMissing({}), /^sodium-native .*\. hash-wasm .*\.$/);
});

for (const [name, accelerators] of Object.entries({
  'no accelerator': {},
  'sodium-native alone': { sodium: installed.sodium },
  'hash-wasm alone': { hashWasm: installed.hashWasm },
})) {
  t.test(`SC-21 the Node provider with ${name} gives the bytes of the noble one`, async (t) => {
    const crypto = await createNodeCrypto(accelerators as typeof installed);
    const nonce = KEY.subarray(0, 24);
    const ciphertext = crypto.xchachaSeal(KEY, nonce, KEY, KEY);
    t.strictSame(ciphertext, nobleCrypto.xchachaSeal(KEY, nonce, KEY, KEY));
    t.strictSame(nobleCrypto.xchachaOpen(KEY, nonce, KEY, ciphertext), KEY);
    t.strictSame(crypto.ed25519PublicKey(KEY), nobleCrypto.ed25519PublicKey(KEY));
    t.strictSame(crypto.x25519(KEY, crypto.x25519PublicKey(KEY)), nobleCrypto.x25519(KEY, crypto.x25519PublicKey(KEY)));
    t.strictSame(crypto.blake3(...PARTS), nobleCrypto.blake3(...PARTS));
    for (const hash of ['BLAKE2s', 'SHA256'] as const) {
      t.strictSame(crypto.hash(hash, ...PARTS), nobleCrypto.hash(hash, ...PARTS));
      t.strictSame(crypto.hmac(hash, KEY, ...PARTS), nobleCrypto.hmac(hash, KEY, ...PARTS));
    }
    t.equal(crypto.chachaSeal === nobleCrypto.chachaSeal, !('sodium' in accelerators));
    t.equal(crypto.blake3 === nobleCrypto.blake3, !('hashWasm' in accelerators));
  });
}
