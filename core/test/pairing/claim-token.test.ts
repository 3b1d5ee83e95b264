import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { claimTokenOf } from '@0k-sync/core/pairing';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import t from 'tap';

t.test('PA-20 OV-33 the claim token is HKDF of the device seed and the mailbox id', async (t) => {
  const [seed, mailboxId] = [new Uint8Array(32).fill(7), new Uint8Array(16).fill(9)];
  const info = new Uint8Array([...new TextEncoder().encode('0k-sync/v1/claim-token'), ...mailboxId]);
  t.strictSame(claimTokenOf(crypto, seed, mailboxId), hkdf(sha256, seed, undefined, info, 16));
  t.notSame(claimTokenOf(crypto, seed, new Uint8Array(16)), claimTokenOf(crypto, seed, mailboxId));
  t.notSame(claimTokenOf(crypto, new Uint8Array(32), mailboxId), claimTokenOf(crypto, seed, mailboxId));
});
