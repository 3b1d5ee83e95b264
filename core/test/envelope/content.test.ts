import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import {
  type Content,
  decodeContent,
  encodeContent,
  envelopeHash,
  openEnvelope,
  pad,
  receiveEnvelope,
  sealEnvelope,
  verifyEnvelope,
} from '@0k-sync/core/envelope';
import { createMemberRecord } from '@0k-sync/core/group';
import { EnvelopeHeader, Message } from '@0k-sync/generated/wire/envelope';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { device, keys, MemoryReceiver, message } from './fixture.ts';

const random = deterministicRandom('content');
const place = { sequence: 1, previous: new Uint8Array(32) };

function seal(content: Content) {
  return sealEnvelope(crypto, random, { device, epoch: keys }, place, content).envelope;
}

/** Makes an envelope that a member sealed around any padded bytes. */
function sealBytes(padded: Uint8Array, contentType: 1 | 2 = 1) {
  const { groupId, deviceKey } = device;
  const fields = {
    version: 1,
    groupId,
    senderKey: deviceKey,
    sequence: 1n,
    previous: place.previous,
    epoch: 0,
    contentType,
  };
  const header = EnvelopeHeader.encode(fields).finish();
  const nonce = random(24);
  const ciphertext = keys.seal(nonce, header, padded);
  const signature = device.sign(envelopeHash(crypto, { header, nonce, ciphertext }));
  return { header, nonce, ciphertext, signature, cursor: 0n, receivedAtMs: 0n };
}

t.test('EN-15 every content comes out as it went in', async (t) => {
  const id = random(16);
  const contents: Content[] = [
    message('text'),
    message(''),
    {
      type: 'message',
      message: {
        id,
        content: { $case: 'data', value: random(500) },
        metadata: '{"a":1}',
        sentAtMs: 7n,
        topic: '',
        skipped: [],
      },
    },
    { type: 'announcement', announcement: { name: 'phone', record: createMemberRecord(device, keys), skipped: [] } },
    { type: 'announcement', announcement: { name: '', record: createMemberRecord(device, keys), skipped: [] } },
  ];
  for (const content of contents) {
    const outcome = receiveEnvelope(new MemoryReceiver(), seal(content));
    t.strictSame(outcome.type === 'accepted' && outcome.content, content);
  }
});

t.test('LI-07 LI-08 F-017 content and metadata have limits, for the writer and the reader', async (t) => {
  const bytes = (value: Uint8Array): Content => ({
    type: 'message',
    message: {
      id: random(16),
      content: { $case: 'data', value },
      metadata: undefined,
      sentAtMs: 0n,
      topic: '',
      skipped: [],
    },
  });
  const metadata = (value: string): Content => ({
    type: 'message',
    message: {
      id: random(16),
      content: { $case: 'text', value: '' },
      metadata: value,
      sentAtMs: 0n,
      topic: '',
      skipped: [],
    },
  });
  encodeContent(bytes(new Uint8Array(192 * 1024)));
  encodeContent(metadata('x'.repeat(16 * 1024)));
  encodeContent(message('二'.repeat(64 * 1024)));
  for (const content of [
    bytes(new Uint8Array(192 * 1024 + 1)),
    metadata('x'.repeat(16 * 1024 + 1)),
    message(`${'二'.repeat(64 * 1024)}x`),
  ]) {
    t.throws(() => encodeContent(content), RangeError);
    const plaintext = content.type === 'message' ? Message.encode(content.message).finish() : new Uint8Array(0);
    t.equal(decodeContent(1, plaintext), undefined);
  }
});

t.test('EN-36 LI-47 a topic has at most 64 bytes, and a message without one is encoded as before', async (t) => {
  const about = (topic: string): Content => ({
    type: 'message',
    message: {
      id: random(16),
      content: { $case: 'text', value: 'a' },
      metadata: undefined,
      topic,
      sentAtMs: 1n,
      skipped: [],
    },
  });
  for (const topic of ['todos', 'ü'.repeat(32), 'x'.repeat(64)]) {
    const content = about(topic);
    t.strictSame(decodeContent(1, encodeContent(content)), content);
  }
  for (const topic of ['x'.repeat(65), 'ü'.repeat(33)]) {
    const content = about(topic);
    t.throws(() => encodeContent(content), RangeError);
    if (content.type === 'message') t.equal(decodeContent(1, Message.encode(content.message).finish()), undefined);
  }
  const id = random(16);
  const [plain, named] = ['', 't'].map((topic) => {
    const { message: fields } = about(topic) as Extract<Content, { type: 'message' }>;
    return encodeContent({ type: 'message', message: { ...fields, id } });
  });
  t.strictSame(named, Uint8Array.of(...(plain ?? []), 0x42, 1, 0x74), 'without a topic the field takes no byte');
  t.equal(decodeContent(1, Uint8Array.of(...(plain ?? []), 0x42, 1, 0xff)), undefined, 'not UTF-8');
});

t.test('F-012 LI-15 a device name has at most 64 bytes', async (t) => {
  const record = createMemberRecord(device, keys);
  const named = (name: string): Content => ({ type: 'announcement', announcement: { name, record, skipped: [] } });
  encodeContent(named('x'.repeat(64)));
  t.throws(() => encodeContent(named('x'.repeat(65))), RangeError);
});

t.test('EN-15 EN-27 a plaintext of the wrong form is refused after it opened', async (t) => {
  const plain = encodeContent(message('text'));
  const cases = {
    'no message': pad(new Uint8Array(50).fill(0xff)),
    'no id': pad(Uint8Array.of(0x12, 0x01, 0x41)),
    'no content': pad(plain.subarray(0, 18)),
    'text and data': pad(Uint8Array.of(...plain, 0x1a, 0x00)),
    'not padded': Uint8Array.of(...plain, ...new Uint8Array(256 - plain.length)),
    'padding not zero': pad(plain).with(255, 1),
  };
  for (const [what, padded] of Object.entries(cases)) {
    const outcome = receiveEnvelope(new MemoryReceiver(), sealBytes(padded));
    t.match(outcome, { type: 'rejected', error: 'ENVELOPE_MALFORMED' }, what);
  }
  t.equal(receiveEnvelope(new MemoryReceiver(), sealBytes(pad(plain))).type, 'accepted');
  t.match(
    receiveEnvelope(new MemoryReceiver(), sealBytes(pad(plain), 2)),
    { error: 'ENVELOPE_MALFORMED' },
    'as announcement',
  );
});

t.test('EN-10 the same content is sealed differently every time, at a length that says little', async (t) => {
  const [yes, no] = [seal(message('yes')), seal(message('no'))];
  t.equal(yes.ciphertext.length, no.ciphertext.length);
  t.notSame(seal(message('yes')).nonce, yes.nonce);
});

t.test('EN-20 verification and opening are apart: verifying needs no secret', async (t) => {
  const envelope = seal(message('text'));
  const verified = verifyEnvelope(crypto, envelope, keys.groupId);
  if (!verified.ok) throw new TypeError(verified.detail);
  t.match(verified.value, { sequence: 1, epoch: 0, contentType: 1, senderKey: device.deviceKey });
  t.match(openEnvelope(keys, verified.value), { ok: true, value: { type: 'message' } });
});
