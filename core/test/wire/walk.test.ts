import { type End, readMessage } from '@0k-sync/core/wire';
import {
  CAPABILITIES_MAX,
  DEVICES_MAX,
  EPOCHS_MAX,
  PAGE_ITEMS_MAX,
  PUSH_ITEMS_MAX,
  RELAYS_MAX,
} from '@0k-sync/generated/limits';
import type { MessageName } from '@0k-sync/generated/schema';
import { DeviceList, Frame, HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import { Welcome } from '@0k-sync/generated/wire/group';
import { allSamples, frameSamples, sampleEnvelope } from '@0k-sync/testkit/samples';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import t from 'tap';

/** Reads a message and returns the error; undefined for none. */
function errorOf(name: MessageName, bytes: Uint8Array, sender: End = 'client'): string | undefined {
  const read = readMessage(name, bytes, sender);
  return read.ok ? undefined : read.error;
}

const pull = Frame.encode({ requestId: 1, body: frameSamples.full.pull }).finish();
const append = (bytes: Uint8Array, ...more: number[]) => Uint8Array.of(...bytes, ...more);
const bytes32 = new Uint8Array(32).fill(9);
const varint = (value: bigint) => new BinaryWriter().uint64(value).finish();

t.test('WI-13 every kind of frame passes', async (t) => {
  for (const body of allSamples) {
    const bytes = Frame.encode({ requestId: 7, body }).finish();
    t.strictSame(readMessage('Frame', bytes, 'client'), {
      ok: true,
      message: { requestId: 7, body },
      isCanonical: true,
    });
  }
  t.equal(errorOf('Frame', new Uint8Array(0)), undefined, 'an empty frame has the right form, though no body');
});

t.test('WI-14 what lax decoders let pass is refused', async (t) => {
  const cases: Record<string, Uint8Array> = {
    'field 0': Uint8Array.of(0x00, 0x01),
    'group start': Uint8Array.of(0x0b, 0x0c),
    'group end': Uint8Array.of(0x0c),
    'unknown group': append(pull, 0xa3, 0x06, 0xa4, 0x06),
    'wire type 6': append(pull, 0xa6, 0x06),
    'wire type 7': append(pull, 0xa7, 0x06),
    'wire type other than the schema’s': Uint8Array.of(0x0d, 1, 0, 0, 0),
    'a message as varint': Uint8Array.of(0x6a - 2, 0x01),
    'a singular field twice': append(Uint8Array.of(0x08, 0x01), ...pull),
    'one oneof member twice': append(pull, 0x6a, 0x00, 0x6a, 0x00),
    'two oneof members': append(pull, 0x6a, 0x00),
    'a tag that is not minimal': Uint8Array.of(0x88, 0x00, 0x01),
    'a value that is not minimal': Uint8Array.of(0x08, 0x81, 0x00),
    'a length that is not minimal': Uint8Array.of(0x6a, 0x80, 0x00),
    'a varint above 64 bits': append(Uint8Array.of(0xa0, 0x06), ...new Array(9).fill(0xff), 0x02),
    'a varint of 11 bytes': append(Uint8Array.of(0xa0, 0x06), ...new Array(10).fill(0x80), 0x01),
    'a tag above 32 bits': append(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f), 0x00),
    'a length beyond the end': Uint8Array.of(0x6a, 0x01),
    'an unknown length beyond the end': append(pull, 0xa2, 0x06, 0x05, 0x00),
    'a cut varint': Uint8Array.of(0x08, 0x80),
    'a cut fixed64': append(pull, 0xa1, 0x06, 0, 0, 0),
    'a cut fixed32': append(pull, 0xa5, 0x06, 0, 0, 0),
    'a tag without a value': Uint8Array.of(0x08),
  };
  for (const [what, bytes] of Object.entries(cases)) t.equal(errorOf('Frame', bytes), 'INVALID_MESSAGE', what);
});

t.test('WI-14 strings are UTF-8', async (t) => {
  const message = (text: readonly number[]) =>
    Uint8Array.of(0x0a, 16, ...new Array(16).fill(1), 0x12, text.length, ...text);
  t.equal(errorOf('Message', message([0xe4, 0xba, 0x8c])), undefined);
  t.equal(errorOf('Message', message([0xef, 0xbb, 0xbf, 0x41])), undefined, 'a byte order mark is a character');
  for (const text of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xba], [0xf4, 0x90, 0x80, 0x80]]) {
    t.equal(errorOf('Message', message(text)), 'INVALID_MESSAGE', String(text));
  }
});

t.test('WI-15 unknown fields are walked and ignored', async (t) => {
  const unknown = [
    0xa0, 0x06, 0x05, 0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 0x06, 0x01, 0xff, 0xa5, 0x06, 1, 2, 3, 4,
  ];
  t.equal(errorOf('Frame', append(pull, ...unknown, ...unknown)), undefined);
});

t.test('WI-16 LI-39 numbers stay in their range', async (t) => {
  const withValue = (tag: number, value: bigint) => Uint8Array.of(tag, ...varint(value));
  t.equal(errorOf('Frame', withValue(0x08, 2n ** 32n - 1n)), undefined);
  t.equal(errorOf('Frame', withValue(0x08, 2n ** 32n)), 'INVALID_MESSAGE');
  t.equal(errorOf('Ack', withValue(0x08, 2n ** 53n - 1n)), undefined);
  for (const value of [2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
    t.equal(errorOf('Ack', withValue(0x08, value)), 'INVALID_MESSAGE', String(value));
  }
  t.equal(errorOf('MailboxItem', withValue(0x08, 2n ** 64n - 1n), 'relay'), 'INVALID_MESSAGE', 'a negative enum');
  t.equal(errorOf('PushAck', withValue(0x10, 1n)), undefined);
  t.equal(errorOf('PushAck', withValue(0x10, 2n)), 'INVALID_MESSAGE', 'a bool of 2');
});

t.test('WI-17 LI-10 items are bounded while they are walked', async (t) => {
  const items = (count: number) => ({
    items: Array.from({ length: count }, () => ({ envelope: sampleEnvelope(), skip: false })),
  });
  const push = (count: number) => Frame.encode({ requestId: 1, body: { $case: 'push', value: items(count) } }).finish();
  t.equal(errorOf('Frame', push(PUSH_ITEMS_MAX)), undefined);
  t.equal(errorOf('Frame', push(PUSH_ITEMS_MAX + 1)), 'RESOURCES_EXCEEDED');
});

t.test('WI-17 LI-11 LI-14 LI-38 LI-40 LI-42 every repeated field has its own bound', async (t) => {
  const pin = { address: 'a:1', nodeId: bytes32, kemHash: bytes32, signingKey: bytes32 };
  const ack = frameSamples.full.helloAck.value;
  const record = frameSamples.full.hello.value.enrolment?.record;
  if (record === undefined) throw new TypeError('the sample enrols');
  const repeat = <T>(item: T, count: number): T[] => Array.from({ length: count }, () => item);
  const welcome = { version: 1, groupId: bytes32, relays: [pin], members: [], epochSecrets: [], heads: [], names: [] };
  const secret = { epoch: 0, secret: bytes32 };
  const head = { header: bytes32, bodyHash: bytes32, signature: new Uint8Array(64) };
  const named = { deviceKey: bytes32, name: 'x' };
  const segment = { after: 0n, removedThrough: 0n, next: 0n, head: 0n };
  const cases: readonly [MessageName, number, (count: number) => BinaryWriter][] = [
    ['Welcome', RELAYS_MAX, (count) => Welcome.encode({ ...welcome, relays: repeat(pin, count) })],
    ['Welcome', DEVICES_MAX, (count) => Welcome.encode({ ...welcome, members: repeat(record, count) })],
    ['Welcome', DEVICES_MAX, (count) => Welcome.encode({ ...welcome, heads: repeat(head, count) })],
    ['Welcome', DEVICES_MAX, (count) => Welcome.encode({ ...welcome, names: repeat(named, count) })],
    ['Welcome', EPOCHS_MAX, (count) => Welcome.encode({ ...welcome, epochSecrets: repeat(secret, count) })],
    ['DeviceList', DEVICES_MAX, (count) => DeviceList.encode({ version: 1n, records: repeat(record, count) })],
    ['HelloAck', CAPABILITIES_MAX, (count) => HelloAck.encode({ ...ack, capabilities: repeat('x', count) })],
    [
      'LogSegment',
      PAGE_ITEMS_MAX,
      (count) => LogSegment.encode({ ...segment, envelopes: repeat(sampleEnvelope(), count) }),
    ],
  ];
  for (const [name, most, encode] of cases) {
    t.equal(errorOf(name, encode(most).finish(), 'relay'), undefined, `${name} ${most}`);
    t.equal(errorOf(name, encode(most + 1).finish(), 'relay'), 'RESOURCES_EXCEEDED', `${name} ${most + 1}`);
  }
});

t.test('WI-18 LI-33 fixed lengths hold, also for absent fields', async (t) => {
  const claim = (id: number, token: number) =>
    Uint8Array.of(0x0a, id, ...new Array(id).fill(1), 0x12, token, ...new Array(token).fill(2));
  t.equal(errorOf('MailboxClaim', claim(16, 16)), undefined);
  for (const [id, token] of [
    [15, 16],
    [16, 17],
    [0, 16],
  ] as const) {
    t.equal(errorOf('MailboxClaim', claim(id, token)), 'INVALID_MESSAGE', `${id} ${token}`);
  }
  t.equal(errorOf('MailboxCancel', new Uint8Array(0)), 'INVALID_MESSAGE', 'absent');
  t.equal(errorOf('Pull', Uint8Array.of(0x08, 0x00)), undefined, 'a hash that may be empty may be absent');
  t.equal(errorOf('Pull', Uint8Array.of(0x12, 0x00)), undefined, 'or empty');
  t.equal(errorOf('Pull', Uint8Array.of(0x12, 0x01, 0x00)), 'INVALID_MESSAGE', 'but not of another length');
  const token = (length: number) => {
    const hello = { ...frameSamples.full.hello.value, accessToken: 'x'.repeat(length) };
    return Frame.encode({ requestId: 1, body: { $case: 'hello', value: hello } }).finish();
  };
  t.equal(errorOf('Frame', token(256)), undefined);
  t.equal(errorOf('Frame', token(257)), 'INVALID_MESSAGE', 'longer than the comment allows');
});

t.test('WI-19 unnamed enum values are refused in what a client sends only', async (t) => {
  const item = Uint8Array.of(0x08, 0x63);
  t.equal(errorOf('MailboxItem', item, 'client'), 'INVALID_MESSAGE');
  t.equal(errorOf('MailboxItem', item, 'relay'), undefined);
});

t.test('WI-20 a message field without a condition has to be given', async (t) => {
  t.equal(errorOf('Page', Uint8Array.of(0x10, 0x01)), 'INVALID_MESSAGE');
  t.equal(errorOf('Push', Uint8Array.of(0x0a, 0x02, 0x10, 0x01)), 'INVALID_MESSAGE', 'an item without envelope');
  t.equal(errorOf('PushResult', Uint8Array.of(0x08, 0x01)), undefined, 'an error only with REFUSED');
});

t.test('WI-14 field 32 of a wide tag is itself, not another', async (t) => {
  const writer = new BinaryWriter().tag(2 ** 29 - 1, WireType.Varint).uint32(1);
  t.equal(errorOf('Frame', writer.finish()), undefined, 'the highest field number is unknown, and walked');
});

t.test('OV-04 what encoding again would change is not canonical', async (t) => {
  const isCanonical = (name: MessageName, ...bytes: number[]) => {
    const read = readMessage(name, Uint8Array.from(bytes), 'relay');
    return read.ok && read.isCanonical;
  };
  const id = [0x0a, 16, ...new Array(16).fill(1)];
  const token = [0x12, 16, ...new Array(16).fill(2)];
  t.ok(isCanonical('MailboxClaim', ...id, ...token));
  t.notOk(isCanonical('MailboxClaim', ...token, ...id), 'fields that do not ascend');
  t.notOk(isCanonical('MailboxClaim', ...id, ...token, 0xa0, 0x06, 0x05), 'an unknown field');
  t.ok(isCanonical('Credit'));
  t.notOk(isCanonical('Credit', 0x08, 0x00), 'a default that is given');
  t.notOk(isCanonical('Pull', 0x12, 0x00), 'empty bytes that are given');
  t.notOk(isCanonical('Hello', 0x2a, 0x00), 'an empty text that is given');
  t.ok(isCanonical('Frame', 0x6a, 0x00), 'an empty message is not its absence');
  t.ok(isCanonical('Message', ...id, 0x22, 0x00), 'an optional text that is empty is not its absence');
  t.notOk(isCanonical('Frame', 0x52, 0x02, 0x08, 0x00), 'a default further in');
  t.ok(isCanonical('GoAway', 0x08, 0xff, 0xff, 0xff, 0xff, 0x07), 'the highest enum value');
  t.notOk(isCanonical('GoAway', 0x08, 0x80, 0x80, 0x80, 0x80, 0x08), 'a negative enum value has ten bytes');
});
