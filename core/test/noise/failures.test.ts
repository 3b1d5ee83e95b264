import { concat } from '@0k-sync/core/bytes';
import { type HandshakeState, noiseSuites } from '@0k-sync/core/noise';
import { patterns } from '@0k-sync/generated/patterns';
import t, { type Test } from 'tap';
import { flipped, providers } from '../crypto/providers.ts';
import {
  type Ends,
  other,
  plainSecrets,
  read,
  runMessages,
  type SuiteKey,
  startEnd,
  startEnds,
  suiteKeys,
  write,
} from './ends.ts';

const EMPTY = new Uint8Array(0);
const X25519_BYTES = 32;
const CIPHERTEXT_BYTES = 1088;
/** The offset and kind of each part of a message; the last entry is the end. */
const REGIONS: Readonly<Record<SuiteKey, readonly (readonly number[])[]>> = {
  classical: [[0], [0, 32, 80], [0, 48]],
  hybrid: [
    [0, 32],
    [0, 1088, 1120, 2304, 2352, 3552],
    [0, 1104, 1152, 2352],
    [0, 1104],
  ],
};

/** Reads a message and returns its failure class; undefined when the read succeeds. */
function classOf(handshake: HandshakeState, message: Uint8Array): string | undefined {
  const result = handshake.readMessage(message);
  return result.ok ? undefined : result.class;
}

/** Checks that the handshake is over for this end: it refuses every message and gives no keys. */
function isOver(t: Test, { handshake }: Ends['initiator'], message: Uint8Array): void {
  t.notOk(handshake.isComplete);
  t.equal(classOf(handshake, message), 'handshake.order', 'also the right message comes too late');
  t.throws(() => handshake.writeMessage(EMPTY), TypeError);
  t.throws(() => handshake.split(), TypeError);
}

/** Changes one message on its way, and returns the first reader that notices, with the class; undefined for none. */
function noticed(ends: Ends, suite: SuiteKey, index: number, change: (message: Uint8Array) => Uint8Array) {
  for (const [position, { from }] of noiseSuites[suite].messages.entries()) {
    const written = ends[from].handshake.writeMessage(EMPTY);
    if (!written.ok) return { at: position, reader: ends[from], class: written.class, message: EMPTY };
    const message = position === index ? change(written.message) : written.message;
    const failure = classOf(ends[other(from)].handshake, message);
    if (failure !== undefined)
      return { at: position, reader: ends[other(from)], class: failure, message: written.message };
  }
  return undefined;
}

for (const suite of suiteKeys) {
  const rows = noiseSuites[suite].messages;
  for (const [name, crypto] of providers) {
    t.test(`HS-03 ${suite} with ${name}: a flipped bit in any part of any message fails the handshake`, async (t) => {
      for (const [index, starts] of REGIONS[suite].entries()) {
        for (const [part, start] of starts.entries()) {
          for (const offset of [start, start + 9, (starts[part + 1] ?? 1e9) - 1]) {
            const found = noticed(startEnds(crypto, suite), suite, index, (message) =>
              flipped(message, Math.min(offset, message.length - 1)),
            );
            const place = `message ${index + 1}, byte ${offset}`;
            if (found === undefined) {
              t.fail(`${place} went unnoticed`);
              continue;
            }
            t.ok(found.at <= index + 1, `${place} is noticed at once or in the next message`);
            t.match(found.class, /^handshake\.(auth|kem)$/, place);
            isOver(t, found.reader, found.message);
          }
        }
      }
    });

    t.test(`HS-04 ${suite} with ${name}: no truncation and no extension is accepted`, async (t) => {
      for (const [index, { from }] of rows.entries()) {
        const { length } = patterns[suite].messages[index] ?? { length: 0 };
        for (const cut of [0, 1, 15, 16, 31, 32, 33, Math.floor(length / 2), length - 17, length - 16, length - 1]) {
          if (cut < 0 || cut >= length) continue;
          const ends = startEnds(crypto, suite);
          runMessages(ends, suite, index);
          const message = write(ends[from], EMPTY);
          const reader = ends[other(from)];
          t.match(
            classOf(reader.handshake, message.subarray(0, cut)),
            /^handshake\.(parse|auth|kem)$/,
            `${index + 1}: ${cut}`,
          );
          isOver(t, reader, message);
        }
        const found = noticed(startEnds(crypto, suite), suite, index, (message) => concat(message, Uint8Array.of(0)));
        t.ok(found, `message ${index + 1}, one byte longer`);
      }
    });

    t.test(`HS-04 ${suite} with ${name}: more than 65,535 bytes are refused`, async (t) => {
      const { responder } = startEnds(crypto, suite);
      t.equal(classOf(responder.handshake, new Uint8Array(65_536)), 'handshake.parse');
      isOver(t, responder, new Uint8Array(32));
    });

    t.test(`HS-08 ${suite} with ${name}: a message out of turn, again, or after completion`, async (t) => {
      const fresh = startEnds(crypto, suite);
      t.equal(classOf(fresh.initiator.handshake, new Uint8Array(32)), 'handshake.order', 'the initiator begins');
      t.throws(() => startEnds(crypto, suite).responder.handshake.writeMessage(EMPTY), TypeError);
      for (const [index, { from }] of rows.entries()) {
        const ends = startEnds(crypto, suite);
        const messages = runMessages(ends, suite, index + 1);
        const again = classOf(ends[other(from)].handshake, messages[index] ?? EMPTY);
        t.equal(again, 'handshake.order', `message ${index + 1} read twice`);
        isOver(t, ends[other(from)], messages[index] ?? EMPTY);
      }
    });

    t.test(
      `lesson/replay ${suite} with ${name}: a recorded initiator cannot finish with another responder run`,
      async (t) => {
        const recorded = startEnds(crypto, suite);
        const messages = runMessages(recorded, suite, rows.length);
        const secrets = { ...plainSecrets(101), e_x25519: '77'.repeat(32) };
        const { responder } = startEnds(crypto, suite, { secrets });
        read(responder, messages[0] ?? EMPTY);
        write(responder, EMPTY);
        t.equal(classOf(responder.handshake, messages[2] ?? EMPTY), 'handshake.auth');
        isOver(t, responder, messages[2] ?? EMPTY);
      },
    );

    t.test(`HS-01 ${suite} with ${name}: another prologue fails`, async (t) => {
      const ends = startEnds(crypto, suite, { prologue: Uint8Array.of(1, 2, 4) });
      read(ends.responder, write(ends.initiator, EMPTY));
      const message = write(ends.responder, EMPTY);
      t.equal(classOf(ends.initiator.handshake, message), 'handshake.auth');
    });

    t.test(`HS-05 ${suite} with ${name}: an ephemeral key of small order fails`, async (t) => {
      for (const point of [new Uint8Array(X25519_BYTES), Uint8Array.of(1, ...new Uint8Array(31))]) {
        const found = noticed(startEnds(crypto, suite), suite, 0, (message) => concat(point, message.subarray(32)));
        t.equal(found?.class, 'handshake.auth', 'the responder computes ee when it writes');
        t.equal(found?.at, 1);
        const start = suite === 'hybrid' ? CIPHERTEXT_BYTES : 0;
        const second = noticed(startEnds(crypto, suite), suite, 1, (message) =>
          concat(message.subarray(0, start), point, message.subarray(start + X25519_BYTES)),
        );
        t.equal(second?.class, 'handshake.auth');
        t.equal(second?.at, 1);
      }
    });
  }
}

for (const [name, crypto] of providers) {
  t.test(`HS-06 hybrid with ${name}: an ephemeral encapsulation key that is not reduced fails as kem`, async (t) => {
    const unreduced = Uint8Array.of(0xff, 0xff, 0xff);
    const first = noticed(startEnds(crypto, 'hybrid'), 'hybrid', 0, (message) =>
      concat(message.subarray(0, 32), unreduced, message.subarray(35)),
    );
    t.equal(first?.class, 'handshake.kem');
    t.equal(first?.at, 0, 'before anything is mixed with it');
    const second = noticed(startEnds(crypto, 'hybrid'), 'hybrid', 1, (message) =>
      concat(message.subarray(0, 1120), unreduced, message.subarray(1123)),
    );
    t.equal(second?.class, 'handshake.kem');
  });

  t.test(`HS-07 hybrid with ${name}: a wrong KEM ciphertext shows only at the next tag`, async (t) => {
    const found = noticed(startEnds(crypto, 'hybrid'), 'hybrid', 1, (message) => flipped(message, 500));
    t.equal(found?.class, 'handshake.auth');
  });

  t.test(`HS-13 with ${name}: the suites do not understand each other`, async (t) => {
    const hybrid = startEnds(crypto, 'hybrid');
    const classical = startEnds(crypto, 'classical');
    const message = write(classical.initiator, EMPTY);
    t.equal(classOf(hybrid.responder.handshake, message), 'handshake.parse');
    read(classical.responder, write(hybrid.initiator, EMPTY));
    const answer = write(classical.responder, EMPTY);
    t.match(classOf(hybrid.initiator.handshake, answer), /^handshake\./);
  });

  t.test(`HS-10 with ${name}: a relay's hybrid statics serve the classical suite too`, async (t) => {
    const common = { crypto, suite: noiseSuites.classical, prologue: EMPTY };
    const ends = {
      initiator: startEnd({ ...common, role: 'initiator', secrets: plainSecrets(1) }),
      responder: startEnd({ ...common, role: 'responder', secrets: plainSecrets(101) }),
    };
    runMessages(ends, 'classical', 3);
    t.equal(ends.initiator.handshake.remoteStatic.mlkem768, undefined);
    t.strictSame(ends.initiator.handshake.handshakeHash, ends.responder.handshake.handshakeHash);
  });
}
