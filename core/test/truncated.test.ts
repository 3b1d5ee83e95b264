import { fromHex, readZBase32 } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { receiveEnvelope, unpad } from '@0k-sync/core/envelope';
import { verifyMemberRecord } from '@0k-sync/core/group';
import { noiseSuites } from '@0k-sync/core/noise';
import { formatInvite, openWelcome, parseInvite, sealWelcome } from '@0k-sync/core/pairing';
import { FrameReader, FrameWriter } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { patterns } from '@0k-sync/generated/patterns';
import { allSamples } from '@0k-sync/testkit/samples';
import { beginnings } from '@0k-sync/testkit/wire';
import t from 'tap';
import { MemoryReceiver, sealChain } from './envelope/fixture.ts';
import { other, startEnds, suiteKeys, write } from './noise/ends.ts';
import { NOW, random, sampleInvite, sampleState } from './pairing/fixture.ts';
import { Pair } from './session/harness.ts';

t.test('F-030 EN-03 EN-04 an envelope with any part cut at any length is rejected by number', async (t) => {
  const [sealed] = sealChain(1);
  if (sealed === undefined) throw new TypeError('one envelope');
  const { envelope } = sealed;
  for (const part of ['header', 'nonce', 'ciphertext', 'signature'] as const) {
    const kinds = new Set<string>();
    for (const cut of beginnings(envelope[part])) {
      const outcome = receiveEnvelope(new MemoryReceiver(), { ...envelope, [part]: cut });
      kinds.add(outcome.type === 'rejected' ? outcome.error : outcome.type);
    }
    // A header that is cut between two fields still has the right form, but names no sender.
    if (part === 'header') kinds.delete('ENVELOPE_BINDING');
    t.strictSame([...kinds], ['ENVELOPE_MALFORMED'], part);
  }
});

t.test('F-030 GR-08 a member record with any part cut at any length does not verify', async (t) => {
  const { members, epochs } = sampleState();
  const record = members[0]?.record;
  const authKey = epochs[0]?.authKey;
  if (record === undefined || authKey === undefined) throw new TypeError('one member');
  t.ok(verifyMemberRecord(crypto, record, authKey));
  for (const part of ['body', 'deviceSignature', 'authSignature'] as const) {
    const verified = [...beginnings(record[part])].filter((cut) =>
      verifyMemberRecord(crypto, { ...record, [part]: cut }, authKey),
    );
    t.strictSame(verified, [], part);
  }
});

t.test('F-030 PA-03 PA-04 PA-10 an invite and a Welcome cut at any length are refused by name', async (t) => {
  const invite = sampleInvite();
  const link = formatInvite(crypto, invite);
  for (let length = 0; length < link.length; length += 1) {
    const read = parseInvite(crypto, link.slice(0, length), NOW);
    if (read.ok || read.error !== 'INVITE_MALFORMED') t.fail(`a link of ${length} characters`);
  }
  const sealed = sealWelcome(crypto, random, { invite }, sampleState());
  if (!sealed.ok) throw new TypeError(sealed.detail);
  for (const cut of beginnings(sealed.value)) {
    const opened = openWelcome(crypto, { invite }, cut);
    if (opened.ok || opened.error !== 'INVITE_MALFORMED') t.fail(`a Welcome of ${cut.length} bytes`);
  }
  t.pass(`${link.length} characters, ${sealed.value.length} bytes`);
});

t.test('F-030 EN-14 OV-03 padding and keys in text, cut at any length, are undefined', async (t) => {
  for (const cut of beginnings(new Uint8Array(256))) t.equal(unpad(cut), undefined);
  const text = 'yb'.repeat(26);
  for (let length = 1; length < text.length; length += 1) {
    t.not(readZBase32(text.slice(0, length))?.length, 32);
    t.not(fromHex('ab'.repeat(32).slice(0, length))?.length, 32);
  }
});

t.test('F-030 WI-10 WI-12 a frame of any kind cut at any length yields no frame', async (t) => {
  for (const body of allSamples) {
    const writer = new FrameWriter();
    writer.write({ requestId: 7, body });
    const bytes = writer.take() ?? new Uint8Array(0);
    for (const sender of ['client', 'relay'] as const) {
      for (const cut of beginnings(bytes)) {
        const reader = new FrameReader(sender);
        reader.push(cut);
        const read = reader.next();
        if (read?.ok || reader.isEmpty !== (cut.length === 0)) t.fail(`${body.$case}: ${cut.length} bytes`);
      }
    }
  }
  t.pass('every kind');
});

for (const suite of suiteKeys) {
  t.test(`F-030 HS-04 ${suite}: a handshake message that is cut short fails by class`, async (t) => {
    for (const [index, { from }] of noiseSuites[suite].messages.entries()) {
      const { length = 0 } = patterns[suite].messages[index] ?? {};
      for (let cut = 0; cut < length; cut += suite === 'classical' || cut < 64 ? 1 : 191) {
        const ends = startEnds(crypto, suite);
        for (const { from: sender } of noiseSuites[suite].messages.slice(0, index)) {
          ends[other(sender)].handshake.readMessage(write(ends[sender], new Uint8Array(0)));
        }
        const read = ends[other(from)].handshake.readMessage(write(ends[from], new Uint8Array(0)).subarray(0, cut));
        if (read.ok) t.fail(`message ${index + 1}: ${cut} bytes`);
      }
    }
    t.pass(`${patterns[suite].messages.length} messages`);
  });
}

t.test('F-030 WI-05 WI-12 a session whose stream ends anywhere is truncated, and throws nothing', async (t) => {
  const whole = new Pair({ suite: 'classical' }).open();
  const lengths = whole.sentByClient.map(({ length }) => length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  for (let cut = 0; cut < total; cut += 1) {
    let left = cut;
    const pair = new Pair({ suite: 'classical' });
    pair.tamperToRelay = (bytes) => {
      const taken = bytes.subarray(0, Math.max(left, 0));
      left -= bytes.length;
      return taken.length === 0 ? [] : [taken];
    };
    pair.open();
    pair.relay.ended(pair.now);
    pair.run();
    if (pair.relayCloseCode !== errors.STREAM_TRUNCATED.number) t.fail(`${cut} bytes: ${pair.relayCloseCode}`);
  }
  t.pass(`${total} bytes`);
});
