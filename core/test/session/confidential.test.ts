import { concat } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { keyPairs } from '@0k-sync/core/noise';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import { helloAck } from '@0k-sync/testkit/harness';
import { frameSamples, sampleEnvelope } from '@0k-sync/testkit/samples';
import t from 'tap';
import { device, epoch, helloCommand, Pair } from './harness.ts';

const random = deterministicRandom('confidential');
const statics = keyPairs(crypto, random(32), random(64));
const content = random(272);
const TOKEN = 'canary-access-token-51c7';

/** Runs a session that sends a frame of every kind, with canaries in them. */
function converse(suite: SuiteName): Pair {
  const pair = new Pair({ suite, relay: { staticKeys: statics } }).open();
  pair.client.hello({ ...helloCommand, accessToken: TOKEN });
  pair.run();
  pair.relay.acceptHello(helloAck);
  pair.run();
  const envelope = { ...sampleEnvelope(), ciphertext: content };
  const push = pair.client.request({ $case: 'push', value: { items: [{ envelope, skip: false }] } });
  const pull = pair.client.request(frameSamples.full.pull);
  pair.run();
  pair.relay.answer(push, frameSamples.full.pushAck);
  const segment = { after: 4n, removedThrough: 4n, envelopes: [{ ...envelope, cursor: 5n }], next: 5n, head: 5n };
  pair.relay.answer(pull, { $case: 'page', value: { segment, hasMore: false } });
  pair.run();
  pair.client.bye(pair.now);
  pair.run();
  return pair;
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(bytes).includes(Buffer.from(part));
}

/** Returns the bytes of one direction behind its preface and handshake. */
function recordsOf(sent: readonly Uint8Array[], suite: SuiteName, from: 'initiator' | 'responder'): Uint8Array {
  const messages = patterns[suite].messages.filter((message) => message.from === from);
  const handshakeBytes = messages.reduce((sum, { length }) => sum + 2 + length, from === 'initiator' ? 4 : 0);
  return concat(...sent).subarray(handshakeBytes);
}

for (const suite of ['classical', 'hybrid'] as const) {
  t.test(`F-002 SC-23 ${suite}: nothing of a session is in clear on the wire, in either direction`, async (t) => {
    const pair = converse(suite);
    t.match(pair.clientTypes(), ['channel', 'ready', 'answer', 'answer'], 'all of it was said');
    const canaries = {
      'the access token': Buffer.from(TOKEN),
      'the group id': epoch.groupId,
      'the device key': device.deviceKey,
      'what an envelope holds': content.subarray(0, 16),
      'the relay’s X25519 static': statics.publicKeys.x25519,
      'the relay’s ML-KEM static': (statics.publicKeys.mlkem768 ?? random(32)).subarray(0, 32),
      'the relay’s signing key': helloAck.signingKey,
    };
    for (const [what, canary] of Object.entries(canaries)) {
      for (const sent of [pair.sentByClient, pair.sentByRelay]) t.notOk(contains(concat(...sent), canary), what);
    }
  });

  t.test(`F-002 WI-05 ${suite}: after preface and handshake there are records only`, async (t) => {
    const pair = converse(suite);
    for (const [sent, from] of [
      [pair.sentByClient, 'initiator'],
      [pair.sentByRelay, 'responder'],
    ] as const) {
      let rest = recordsOf(sent, suite, from);
      let records = 0;
      for (; rest.length > 0; records += 1) {
        const length = ((rest[0] ?? 0) << 8) + (rest[1] ?? 0);
        t.ok(length >= 17 && length + 2 <= rest.length, `${from}: a record of ${length} bytes`);
        rest = rest.subarray(2 + length);
      }
      t.ok(records >= 2, `${from}: ${records} records`);
    }
  });

  t.test(`F-002 HS-10 ${suite}: the same session said twice looks different from its first key on`, async (t) => {
    const [first, second] = [converse(suite), converse(suite)];
    for (const from of ['initiator', 'responder'] as const) {
      const [one, two] = [first, second].map((pair) =>
        recordsOf(from === 'initiator' ? pair.sentByClient : pair.sentByRelay, suite, from),
      );
      t.ok(one !== undefined && two !== undefined && one.length > 100);
      const same = (one ?? []).filter((byte, at) => byte === two?.[at]).length;
      t.ok(same < (one?.length ?? 0) / 8, `${same} of ${one?.length} bytes are the same`);
    }
  });
}
