import { concat, utf8 } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { HandshakeState, keyPairs, noiseSuites, randomDraws } from '@0k-sync/core/noise';
import { ClientSession, RelaySession } from '@0k-sync/core/session';
import { errors } from '@0k-sync/generated/errors';
import { HELLO_DEADLINE_MS } from '@0k-sync/generated/limits';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import { byteByByte, inPieces, whole } from '@0k-sync/testkit/wire';
import t from 'tap';
import { Pair } from './harness.ts';

const suites: SuiteName[] = ['classical', 'hybrid'];
const codeOf = (name: keyof typeof errors): number => errors[name].number;

for (const suite of suites) {
  t.test(
    `HS-30 to HS-33, HS-35, HS-50, HS-53 to HS-55, WI-04: the ${suite} handshake completes, whole, in pieces and byte by byte`,
    async (t) => {
      for (const cut of [whole, byteByByte, inPieces(3), inPieces(1000)]) {
        const pair = new Pair({ suite, cut }).open();
        t.strictSame([pair.client.state, pair.relay.state], ['fresh', 'fresh']);
        t.match(pair.clientEvents, [{ type: 'channel', info: { version: patterns[suite].version } }]);
        const [first] = pair.clientEvents;
        t.equal(first?.type === 'channel' && first.info.peer.mlkem768 !== undefined, suite === 'hybrid');
      }
      const pair = new Pair({ suite }).open();
      const lengths = [...pair.sentByClient, ...pair.sentByRelay].map(({ length }) => length).sort((a, b) => a - b);
      t.strictSame(
        lengths,
        [4, ...patterns[suite].messages.map(({ length }) => length + 2)].sort((a, b) => a - b),
      );
    },
  );

  t.test(`HS-10 fresh keys for every connection: no ${suite} transcript comes twice`, async (t) => {
    const [first, second] = [new Pair({ suite }).open(), new Pair({ suite }).open()];
    t.notSame(first.sentByClient[1], second.sentByClient[1]);
    t.notSame(first.sentByRelay[0], second.sentByRelay[0]);
  });

  t.test(`HS-03 HS-04 HS-37 HS-56 a changed byte anywhere ends the ${suite} handshake on both ends`, async (t) => {
    const messages = patterns[suite].messages.length;
    for (let message = 0; message < messages; message += 1) {
      for (const place of [0, 1, 2, 20, -1]) {
        const pair = new Pair({ suite });
        let count = 0;
        const flip = (bytes: Uint8Array): Uint8Array[] => {
          if (bytes.length === 4) return [bytes];
          const at = place < 0 ? bytes.length + place : place;
          count += 1;
          return count - 1 === Math.floor(message / 2) ? [bytes.with(at, (bytes[at] ?? 0) ^ 1)] : [bytes];
        };
        if (message % 2 === 0) pair.tamperToRelay = flip;
        else pair.tamperToClient = flip;
        pair.open();
        const codes = [pair.clientCloseCode, pair.relayCloseCode];
        const allowed = ['HANDSHAKE_MALFORMED', 'HANDSHAKE_FAILED', 'HANDSHAKE_KEM_INVALID', 'RECORD_INVALID'] as const;
        const isRefused = codes.some((code) => allowed.some((name) => codeOf(name) === code));
        const waits = place === 1 && !isRefused;
        if (!isRefused && !waits) t.fail(`message ${message + 1} byte ${place}: ${codes}`);
        if (pair.clientTypes().includes('channel') && pair.relay.state === 'fresh') t.fail('both ends went on');
      }
    }
    t.pass(`${messages} messages`);
  });
}

t.test('HS-01 HS-12 HS-34 the pin is checked after message 2 and before message 3', async (t) => {
  for (const suite of suites) {
    const pair = new Pair({ suite, client: { checkPeer: () => 'RELAY_IDENTITY_CHANGED' } }).open();
    t.equal(pair.clientCloseCode, codeOf('RELAY_IDENTITY_CHANGED'));
    t.equal(pair.sentByClient.length, 2, 'the preface and message 1, nothing else');
    t.match(pair.clientEvents, [{ type: 'closed', error: 'RELAY_IDENTITY_CHANGED', remote: undefined }]);
    t.equal(pair.relay.state, 'handshaking');
  }
});

t.test('HS-12 the pin check sees both statics of the relay', async (t) => {
  const seen: [number, number | undefined][] = [];
  const checkPeer = (peer: { x25519: Uint8Array; mlkem768?: Uint8Array | undefined }): undefined => {
    seen.push([peer.x25519.length, peer.mlkem768?.length]);
  };
  for (const suite of suites) new Pair({ suite, client: { checkPeer } }).open();
  t.strictSame(seen, [
    [32, undefined],
    [32, 1184],
  ]);
});

t.test('HS-51 HS-52 WI-01 WI-02 prefaces of another kind or version', async (t) => {
  const answer = (...preface: number[]) => {
    const pair = new Pair();
    pair.relay.receive(Uint8Array.from(preface), pair.now);
    pair.run();
    return [pair.relayCloseCode, pair.sentByRelay];
  };
  t.strictSame(answer(0x30, 0x4b, 3, 0), [codeOf('UNSUPPORTED_VERSION'), [Uint8Array.of(0x30, 0x4b, 2, 0)]]);
  t.strictSame(answer(0x30, 0x4b, 0, 0), [codeOf('UNSUPPORTED_VERSION'), [Uint8Array.of(0x30, 0x4b, 2, 0)]]);
  t.strictSame(answer(0x30, 0x4b, 3, 7), [codeOf('UNSUPPORTED_VERSION'), [Uint8Array.of(0x30, 0x4b, 2, 0)]]);
  t.strictSame(answer(0x30, 0x4b, 2, 1), [codeOf('HANDSHAKE_MALFORMED'), []]);
  t.strictSame(answer(0x47, 0x45, 0x54, 0x20), [codeOf('HANDSHAKE_MALFORMED'), []], 'GET');
  t.strictSame(answer(0x30, 0x4b, 2), [undefined, []], 'too short to tell');
});

t.test('HS-36 WI-02 a version answer tells the client why', async (t) => {
  const pair = new Pair();
  pair.client.start();
  pair.client.receive(Uint8Array.of(0x30), pair.now);
  pair.client.receive(Uint8Array.of(0x4b, 1, 0), pair.now);
  pair.run();
  t.equal(pair.clientCloseCode, codeOf('UNSUPPORTED_VERSION'));
  const late = new Pair();
  late.tamperToClient = () => [];
  late.open();
  t.equal(late.client.state, 'handshaking');
});

t.test('HS-04 abuse/length-before-alloc a declared length other than the row’s fails at its second byte', async (t) => {
  for (const length of [0, 31, 1215, 1217, 65_535]) {
    const pair = new Pair();
    pair.relay.receive(Uint8Array.of(0x30, 0x4b, 2, 0, length >> 8, length & 0xff), pair.now);
    pair.run();
    t.equal(pair.relayCloseCode, codeOf('HANDSHAKE_MALFORMED'), String(length));
  }
});

t.test('HS-11 a payload in a handshake message is refused, in the first one and in a sealed one', async (t) => {
  for (const [payloads, isRefused] of [
    [['', ''], false],
    [['x', ''], true],
    [['', 'x'], true],
  ] as const) {
    const random = deterministicRandom('payload');
    const preface = Uint8Array.of(0x30, 0x4b, 1, 0);
    const initiator = new HandshakeState({
      crypto,
      suite: noiseSuites.classical,
      role: 'initiator',
      prologue: concat(utf8('0k-sync/1'), preface),
      staticKeys: keyPairs(crypto, random(32)),
      draws: randomDraws(random),
    });
    const pair = new Pair({ suite: 'classical' });
    pair.relay.receive(preface, pair.now);
    for (const payload of payloads) {
      const written = initiator.writeMessage(utf8(payload));
      if (!written.ok) throw new TypeError(written.class);
      const { length } = written.message;
      pair.relay.receive(concat(Uint8Array.of(length >> 8, length & 0xff), written.message), pair.now);
      pair.run();
      const answer = pair.sentByRelay.shift();
      if (answer !== undefined) t.ok(initiator.readMessage(answer.subarray(2)).ok);
      if (pair.relayCloseCode !== undefined) break;
    }
    t.equal(pair.relayCloseCode, isRefused ? codeOf('HANDSHAKE_MALFORMED') : undefined, payloads.join());
    t.equal(pair.relay.state, isRefused ? 'closed' : 'fresh');
  }
});

t.test('HS-06 an encapsulation key that is not reduced fails', async (t) => {
  const pair = new Pair();
  pair.tamperToRelay = (bytes) => {
    if (bytes.length === 4) return [bytes];
    const changed = bytes.slice();
    changed.fill(0xff, 34, 37);
    return [changed];
  };
  pair.open();
  t.equal(pair.relayCloseCode, codeOf('HANDSHAKE_KEM_INVALID'));
});

t.test('HS-05 an all-zero X25519 result fails', async (t) => {
  const pair = new Pair({ suite: 'classical' });
  pair.tamperToRelay = (bytes) => (bytes.length === 4 ? [bytes] : [Uint8Array.of(0, 32, ...new Uint8Array(32))]);
  pair.open();
  t.equal(pair.relayCloseCode, codeOf('HANDSHAKE_FAILED'));
});

t.test('HS-38 HS-57 WI-12 a stream that ends inside the handshake is truncated', async (t) => {
  const pair = new Pair();
  pair.tamperToClient = () => [];
  pair.open();
  pair.relay.ended(pair.now);
  pair.client.ended(pair.now);
  pair.run();
  t.strictSame([pair.relayCloseCode, pair.clientCloseCode], [1023, 1023]);
  t.match(pair.clientEvents, [{ type: 'closed', error: 'STREAM_TRUNCATED' }]);
  const told = new Pair();
  told.client.start();
  told.client.ended(told.now, codeOf('UNSUPPORTED_VERSION'));
  told.run();
  t.match(told.clientEvents, [{ type: 'closed', error: 'UNSUPPORTED_VERSION' }], 'the close code says why');
});

t.test(
  'HS-15 HS-39 HS-58 abuse/hello-deadline abuse/slowloris the deadline stands also while bytes trickle in',
  async (t) => {
    const pair = new Pair();
    const start = pair.now;
    pair.client.start();
    const [preface] = pair.client.takeOutputs();
    t.equal(pair.relay.nextDeadline(), start + HELLO_DEADLINE_MS);
    const bytes = preface?.type === 'send' ? preface.bytes : new Uint8Array(0);
    for (const [index, byte] of bytes.entries()) pair.relay.receive(Uint8Array.of(byte), start + 2000 * index);
    pair.relay.tick(start + HELLO_DEADLINE_MS - 1);
    t.equal(pair.relay.state, 'handshaking');
    t.equal(pair.relay.nextDeadline(), start + HELLO_DEADLINE_MS, 'bytes move no deadline');
    pair.advanceTo(start + HELLO_DEADLINE_MS);
    t.strictSame([pair.relayCloseCode, pair.clientCloseCode], [2007, 2007]);
    t.strictSame([pair.relay.nextDeadline(), pair.client.nextDeadline()], [undefined, undefined]);
  },
);

t.test('HS-40 a second start is out of order', async (t) => {
  const pair = new Pair();
  pair.client.start();
  pair.client.start();
  pair.run();
  t.equal(pair.clientCloseCode, codeOf('HANDSHAKE_ORDER'));
});

t.test('HS-05 HS-32 a failure while the last message is written ends the session', async (t) => {
  const random = deterministicRandom('failing');
  let calls = 0;
  const failing = {
    ...crypto,
    x25519: (a: Uint8Array, b: Uint8Array) => (++calls === 3 ? undefined : crypto.x25519(a, b)),
  };
  const config = { crypto: failing, draws: randomDraws(random), staticKeys: keyPairs(crypto, random(32)) };
  const client = new ClientSession({ ...config, suite: 'classical', checkPeer: () => undefined }, 0);
  const relayKeys = keyPairs(crypto, random(32));
  const relay = new RelaySession({ crypto, draws: randomDraws(random), staticKeys: relayKeys }, 0);
  client.start();
  for (const output of client.takeOutputs()) if (output.type === 'send') relay.receive(output.bytes, 0);
  for (const output of relay.takeOutputs()) if (output.type === 'send') client.receive(output.bytes, 0);
  t.match(client.takeOutputs(), [
    { type: 'close', code: 1012 },
    { type: 'event', event: { error: 'HANDSHAKE_FAILED' } },
  ]);
  t.equal(client.state, 'closed');
});

t.test('HS-16 WI-06 records: reflected, replayed, reordered, changed, cut', async (t) => {
  const record = () => {
    const pair = new Pair().open();
    const held: Uint8Array[] = [];
    pair.tamperToRelay = (bytes) => {
      held.push(bytes);
      return [];
    };
    for (let count = 0; count < 2; count += 1) {
      pair.client.request({ $case: 'ping', value: {} });
      pair.run();
    }
    return { pair, first: held[0] ?? new Uint8Array(0), second: held[1] ?? new Uint8Array(0) };
  };
  const cases: Record<string, (sample: ReturnType<typeof record>) => Uint8Array[]> = {
    replayed: ({ first }) => [first, first],
    reordered: ({ second, first }) => [second, first],
    changed: ({ first }) => [first.with(5, (first[5] ?? 0) ^ 1)],
    'too short': () => [Uint8Array.of(0, 16, ...new Uint8Array(16))],
    empty: () => [Uint8Array.of(0, 0)],
  };
  for (const [what, make] of Object.entries(cases)) {
    const sample = record();
    for (const bytes of make(sample)) sample.pair.relay.receive(bytes, sample.pair.now);
    sample.pair.run();
    t.equal(sample.pair.relayCloseCode, codeOf('RECORD_INVALID'), what);
  }
  const { pair, first } = record();
  pair.client.receive(first, pair.now);
  pair.run();
  t.equal(pair.clientCloseCode, codeOf('RECORD_INVALID'), 'reflected');
  const cut = record();
  cut.pair.relay.receive(cut.first.subarray(0, 10), cut.pair.now);
  cut.pair.relay.ended(cut.pair.now);
  cut.pair.run();
  t.equal(cut.pair.relayCloseCode, codeOf('STREAM_TRUNCATED'), 'cut');
});
