import { inspect } from 'node:util';
import { toHex } from '@0k-sync/core/bytes';
import { CipherState } from '@0k-sync/core/noise';
import t from 'tap';
import { providers } from '../crypto/providers.ts';
import { runMessages, startEnds, suiteKeys } from './ends.ts';

for (const [name, crypto] of providers) {
  for (const suite of suiteKeys) {
    t.test(`HS-14 ${suite} with ${name}: a handshake is split once, never from wiped secrets`, async (t) => {
      const ends = startEnds(crypto, suite);
      t.throws(() => ends.initiator.handshake.split(), TypeError, 'before it is complete');
      runMessages(ends, suite, 4);
      ends.initiator.handshake.split();
      t.throws(() => ends.initiator.handshake.split(), TypeError, 'again');
      ends.responder.handshake.wipe();
      t.throws(() => ends.responder.handshake.split(), TypeError, 'after a wipe');
    });

    t.test(`HS-04 ${suite} with ${name}: no message over 65,535 bytes is written`, async (t) => {
      const { initiator } = startEnds(crypto, suite);
      t.throws(() => initiator.handshake.writeMessage(new Uint8Array(65_535)), RangeError);
      t.throws(() => initiator.handshake.writeMessage(new Uint8Array(0)), TypeError, 'the handshake is over');
    });
  }

  t.test(`HS-14 ${name}: a wiped key neither seals nor opens, also not as a key of zeros`, async (t) => {
    const cipher = new CipherState(crypto, new Uint8Array(32).fill(5));
    const zeros = new CipherState(crypto, new Uint8Array(32));
    cipher.wipe();
    t.throws(() => cipher.seal(Uint8Array.of(1)), TypeError);
    t.equal(cipher.open(zeros.seal(Uint8Array.of(1))), undefined);
  });

  t.test(`WI-05 ${name}: what no record can hold is the caller's mistake`, async (t) => {
    const cipher = new CipherState(crypto, new Uint8Array(32));
    t.throws(() => cipher.seal(new Uint8Array(65_535 - 15)), RangeError);
    t.equal(cipher.seal(new Uint8Array(65_535 - 16)).length, 65_535);
  });

  t.test(`GR-11 ${name}: the exporter does not show`, async (t) => {
    const ends = startEnds(crypto, 'hybrid');
    runMessages(ends, 'hybrid', 4);
    const keys = ends.initiator.handshake.split();
    for (const text of [inspect({ keys }, { depth: 9 }), JSON.stringify({ keys })]) {
      t.match(text, 'redacted');
      t.notOk(text.includes(toHex(keys.exporter)));
      t.notMatch(text, /\d+,\s*\d+/);
    }
  });
}
