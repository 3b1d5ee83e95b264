import { hkdfSync } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crypto, random } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { deriveRelayKeys } from '../../src/identity/relay-keys.ts';
import { KEY_FILE, loadSeed } from '../../src/identity/seed.ts';
import { OperatorFailure } from '../../src/operator/failure.ts';

t.test('RL-60 lesson/secret-files GR-13 the seed is made once, with mode 0600 and no traces', async (t) => {
  const directory = t.testdir();
  const seed = loadSeed(directory, random).slice();
  const file = join(directory, KEY_FILE);
  t.same(new Uint8Array(readFileSync(file)), seed);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.same(readdirSync(directory), [KEY_FILE]);
  const again = loadSeed(directory, () => {
    throw new Error('no second seed is drawn');
  });
  t.same(again, seed);
});

t.test('RL-60 a crash while the key is written leaves no half key behind', async (t) => {
  const directory = t.testdir();
  writeFileSync(join(directory, `${KEY_FILE}.new`), new Uint8Array(7), { mode: 0o644 });
  const seed = loadSeed(directory, random).slice();
  t.equal(seed.length, 32);
  t.equal(statSync(join(directory, KEY_FILE)).mode & 0o777, 0o600);
});

t.test('RL-60 a key that is exposed, or of a wrong length, is refused and left as it is', async (t) => {
  const directory = t.testdir();
  const file = join(directory, KEY_FILE);
  writeFileSync(file, new Uint8Array(33), { mode: 0o600 });
  t.throws(() => loadSeed(directory, random), OperatorFailure);
  t.equal(readFileSync(file).length, 33);
  writeFileSync(file, new Uint8Array(32));
  chmodSync(file, 0o640);
  t.throws(() => loadSeed(directory, random), /other users may read/);
});

t.test('HS-20 F-010 all keys come from the seed, which is wiped', async (t) => {
  const seed = random(32);
  const copy = seed.slice();
  const first = deriveRelayKeys(crypto, seed);
  t.same(seed, new Uint8Array(32));
  const second = deriveRelayKeys(crypto, copy);
  t.same(second.nodeId, first.nodeId);
  t.same(second.kemHash, first.kemHash);
  t.same(second.signingKey, first.signingKey);
  t.not(Buffer.compare(deriveRelayKeys(crypto, random(32)).nodeId, first.nodeId), 0);
});

t.test('F-037 HS-20 OV-28 OV-29 OV-30: each key of the relay by its label', async (t) => {
  const seed = random(32);
  const derive = (label: string, length: number) =>
    new Uint8Array(hkdfSync('sha256', seed, '', `0k-sync/v1/${label}`, length));
  const expected = {
    x25519: crypto.x25519PublicKey(derive('relay-x25519', 32)),
    mlkem768: crypto.mlkemKeys(derive('relay-mlkem768', 64)).encapsulationKey,
    signing: crypto.ed25519PublicKey(derive('relay-signing', 32)),
  };
  const { noise, nodeId, signingKey } = deriveRelayKeys(crypto, seed.slice());
  t.same({ ...noise.publicKeys, signing: signingKey }, expected);
  t.same(nodeId, expected.x25519);
});
