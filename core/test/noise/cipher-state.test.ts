import { inspect } from 'node:util';
import { toHex } from '@0k-sync/core/bytes';
import { CipherState, keyPairs } from '@0k-sync/core/noise';
import t from 'tap';
import { bytes, flipped, providers } from '../crypto/providers.ts';
import { plainSecrets, runMessages, startEnds, suiteKeys } from './ends.ts';

const EMPTY = new Uint8Array(0);
const RECORD_PLAINTEXT_MAX = 65_535 - 16;

for (const [name, crypto] of providers) {
  const makePair = () => {
    const key = new Uint8Array(32).fill(7);
    return { sender: new CipherState(crypto, key.slice()), receiver: new CipherState(crypto, key.slice()) };
  };

  t.test(`HS-09 ${name}: the nonce is 4 zero bytes and n little-endian, and grows by one`, async (t) => {
    const { sender } = makePair();
    for (let n = 0; n < 300; n++) {
      const nonce = new Uint8Array(12);
      new DataView(nonce.buffer).setBigUint64(4, BigInt(n), true);
      t.equal(sender.n, BigInt(n));
      const ciphertext = sender.seal(Uint8Array.of(n));
      t.strictSame(crypto.chachaOpen(new Uint8Array(32).fill(7), nonce, EMPTY, ciphertext), Uint8Array.of(n));
    }
  });

  t.test(`HS-09 ${name}: the counter stops before 2^64−1`, async (t) => {
    const last = 2n ** 64n - 2n;
    const key = new Uint8Array(32).fill(7);
    const sender = new CipherState(crypto, key.slice(), last);
    const receiver = new CipherState(crypto, key.slice(), last);
    t.strictSame(receiver.open(sender.seal(Uint8Array.of(1))), Uint8Array.of(1));
    const nonce = new Uint8Array(12).fill(255, 4);
    t.equal(receiver.open(crypto.chachaSeal(key, nonce, EMPTY, Uint8Array.of(2))), undefined);
    t.throws(() => sender.seal(Uint8Array.of(2)), RangeError);
  });

  t.test(`lesson/replay ${name}: a record opens once, in its place`, async (t) => {
    const { sender, receiver } = makePair();
    const [first, second] = [sender.seal(Uint8Array.of(1)), sender.seal(Uint8Array.of(2))];
    t.equal(receiver.open(second), undefined, 'too early');
    t.strictSame(receiver.open(first), Uint8Array.of(1), 'a failure does not move the counter');
    t.equal(receiver.open(first), undefined, 'again');
    t.strictSame(receiver.open(second), Uint8Array.of(2));
  });

  t.test(`WI-05 ${name}: records of every kind of length, and none that was touched`, async (t) => {
    for (const length of [0, 1, 15, 16, 17, 1024, RECORD_PLAINTEXT_MAX]) {
      const { sender, receiver } = makePair();
      const plaintext = new Uint8Array(length).fill(length & 255);
      const record = sender.seal(plaintext);
      t.equal(record.length, length + 16);
      for (const at of [0, Math.floor(length / 2), length, length + 15]) {
        t.equal(receiver.open(flipped(record, at)), undefined, `${length} bytes, flipped at ${at}`);
      }
      t.equal(receiver.open(record.subarray(1)), undefined);
      t.equal(receiver.open(record.subarray(0, -1)), undefined);
      t.equal(receiver.open(record, Uint8Array.of(1)), undefined, 'the associated data is empty');
      t.strictSame(receiver.open(record), plaintext);
    }
  });

  t.test(`HS-16 ${name}: a record sent back to its sender does not open`, async (t) => {
    for (const suite of suiteKeys) {
      const ends = startEnds(crypto, suite);
      runMessages(ends, suite, 4);
      const [client, relay] = [ends.initiator.handshake.split(), ends.responder.handshake.split()];
      const record = client.send.seal(Uint8Array.of(1, 2, 3));
      t.equal(client.receive.open(record), undefined);
      t.strictSame(relay.receive.open(record), Uint8Array.of(1, 2, 3));
      t.strictSame(client.exporter, relay.exporter);
    }
  });

  t.test(`GR-11 ${name}: no secret shows in inspection, JSON or a template`, async (t) => {
    const ends = startEnds(crypto, 'hybrid');
    runMessages(ends, 'hybrid', 4);
    const secrets = Object.values(plainSecrets(1)).concat(Object.values(plainSecrets(101)));
    const { send, receive } = ends.initiator.handshake.split();
    const keys = [send, receive].map(({ key }) => toHex(key));
    const seed = new Uint8Array(64).fill(1);
    const holders = [
      ends.initiator.handshake,
      ends.responder.handshake,
      send,
      receive,
      keyPairs(crypto, bytes(plainSecrets(1).s_x25519), seed),
    ];
    for (const holder of holders) {
      const shown = [
        inspect(holder),
        inspect({ holder }, { depth: 9, showHidden: true }),
        JSON.stringify({ holder }),
        `${holder}`,
      ];
      for (const text of shown) {
        t.notMatch(text, /Uint8Array|\d, \d/);
        t.notOk([...secrets, ...keys].some((secret) => text.includes(secret ?? '-')));
      }
    }
  });
}
