import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import {
  envelopeHash,
  type HashedEnvelope,
  hashEnvelope,
  type Judgement,
  judgeOverdue,
  receiveEnvelope,
  sealEnvelope,
} from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { device, keys, MemoryReceiver, message, otherDevice, otherMember, sealChain } from './fixture.ts';

const random = deterministicRandom('receive');
const textOf = (outcome: Judgement) =>
  outcome.type === 'accepted' && outcome.content.type === 'message'
    ? outcome.content.message.content?.value
    : outcome.type;

function receiveAll(receiver: MemoryReceiver, envelopes: readonly Envelope[]): (string | Uint8Array | undefined)[] {
  return envelopes.map((envelope) => textOf(receiver.store(receiveEnvelope(receiver, envelope))));
}

const chain = sealChain(4);
const [first, second, third, fourth] = chain.map(({ envelope }) => envelope) as [
  Envelope,
  Envelope,
  Envelope,
  Envelope,
];

function hashed(envelope: Envelope): HashedEnvelope {
  const parsed = hashEnvelope(crypto, envelope, keys.groupId);
  if (!parsed.ok) throw new TypeError(parsed.detail);
  return parsed.value;
}

/** Changes an envelope's header and signs it again, as a malicious member can. */
function resign(envelope: Envelope, change: Partial<EnvelopeHeader>, signer = device): Envelope {
  const header = EnvelopeHeader.encode({ ...EnvelopeHeader.decode(envelope.header), ...change }).finish();
  const changed = { ...envelope, header };
  return { ...changed, signature: signer.sign(envelopeHash(crypto, changed)) };
}

t.test('EN-08 EN-21 a chain is accepted in its order', async (t) => {
  t.strictSame(receiveAll(new MemoryReceiver(), [first, second, third, fourth]), [
    'text 1',
    'text 2',
    'text 3',
    'text 4',
  ]);
});

t.test('EN-22 lesson/replay a second copy is a duplicate, and changes nothing', async (t) => {
  const receiver = new MemoryReceiver();
  t.strictSame(receiveAll(receiver, [first, second, first, second, third]), [
    'text 1',
    'text 2',
    'duplicate',
    'duplicate',
    'text 3',
  ]);
  const relayed = { ...second, cursor: 99n, receivedAtMs: 5n };
  t.strictSame(receiveAll(receiver, [relayed]), ['duplicate'], 'H leaves out what is the relay’s');
});

t.test('EN-24 lesson/reorder a gap is named, filled or given up', async (t) => {
  const receiver = new MemoryReceiver();
  receiveAll(receiver, [first]);
  t.match(receiveEnvelope(receiver, fourth), { type: 'gap', missing: [{ from: 2, to: 3 }] });
  t.strictSame(receiveAll(receiver, [second, third, fourth]), ['text 2', 'text 3', 'text 4'], 'filled');

  const hasty = new MemoryReceiver();
  receiveAll(hasty, [first]);
  const given = hasty.store(judgeOverdue(hasty, hashed(fourth)));
  t.match(given, { type: 'accepted', missing: [{ from: 2, to: 3 }] });
  t.equal(textOf(given), 'text 4');
  t.strictSame(
    receiveAll(hasty, [third, second, third, fourth]),
    ['text 3', 'text 2', 'duplicate', 'duplicate'],
    'late',
  );
  t.match(hasty.senderOf(device.deviceKey)?.chain, { head: 4 }, 'a late one moves no head');
});

t.test('EN-23 lesson/fork another envelope for an accepted place is a fork, and the first stays', async (t) => {
  const receiver = new MemoryReceiver();
  receiveAll(receiver, [first, second]);
  const other = sealEnvelope(
    crypto,
    random,
    { device, epoch: keys },
    { sequence: 2, previous: chain[0]?.hash ?? random(32) },
    message('other'),
  );
  t.match(receiver.store(receiveEnvelope(receiver, other.envelope)), { type: 'fork', known: chain[1]?.hash });
  t.strictSame(receiveAll(receiver, [third]), ['text 3'], 'the chain goes on from the first');

  const late = new MemoryReceiver();
  receiveAll(late, [first]);
  late.store(judgeOverdue(late, hashed(third)));
  t.match(
    receiveEnvelope(late, other.envelope),
    { type: 'fork', known: chain[1]?.hash },
    'the successor names the real one',
  );

  const warned = new MemoryReceiver();
  warned.witness = { sequence: 2, hash: chain[1]?.hash ?? random(32) };
  receiveAll(warned, [first]);
  t.match(receiveEnvelope(warned, other.envelope), { type: 'fork' }, 'a Welcome’s head is a witness');
  t.strictSame(receiveAll(warned, [second]), ['text 2']);
});

t.test('EN-08 an envelope that does not name its predecessor is refused', async (t) => {
  const receiver = new MemoryReceiver();
  receiveAll(receiver, [first]);
  const broken = [resign(second, { previous: random(32) }), resign(first, { sequence: 2n })];
  for (const envelope of broken)
    t.match(receiveEnvelope(receiver, envelope), { type: 'rejected', error: 'CHAIN_BROKEN' });
  const start = resign(first, { previous: random(32) });
  t.match(receiveEnvelope(new MemoryReceiver(), start), { type: 'rejected', error: 'CHAIN_BROKEN' });
  t.strictSame(receiveAll(receiver, [second]), ['text 2'], 'rejected envelopes change no chain');
});

t.test('EN-12 lesson/sender-spoof nobody signs for another', async (t) => {
  const spoofed = resign(first, {}, otherDevice);
  t.match(receiveEnvelope(new MemoryReceiver(), spoofed), { type: 'rejected', error: 'ENVELOPE_UNAUTHENTIC' });
});

t.test('lesson/splice every bound field and byte is bound', async (t) => {
  const other = sealChain(2, otherMember, 'other')[0]?.envelope ?? first;
  for (const part of ['header', 'nonce', 'ciphertext', 'signature'] as const) {
    const spliced = { ...first, [part]: other[part] };
    t.match(receiveEnvelope(new MemoryReceiver(), spliced), { type: 'rejected', error: 'ENVELOPE_UNAUTHENTIC' }, part);
    for (const at of [0, first[part].length >> 1, first[part].length - 1]) {
      const flipped = { ...first, [part]: first[part].with(at, (first[part][at] ?? 0) ^ 1) };
      t.equal(receiveEnvelope(new MemoryReceiver(), flipped).type, 'rejected', `${part} byte ${at}`);
    }
  }
});

t.test('EN-11 lesson/splice a member that signs a spliced header cannot make the AEAD open', async (t) => {
  const changes: Partial<EnvelopeHeader>[] = [
    { sequence: 2n, previous: chain[0]?.hash ?? random(32) },
    { previous: chain[0]?.hash ?? random(32), sequence: 2n, contentType: 2 },
  ];
  for (const change of changes) {
    const receiver = new MemoryReceiver();
    receiveAll(receiver, [first]);
    t.match(receiveEnvelope(receiver, resign(first, change)), { type: 'rejected', error: 'ENVELOPE_UNAUTHENTIC' });
  }
  const taken = resign(first, { senderKey: otherDevice.deviceKey }, otherDevice);
  t.match(receiveEnvelope(new MemoryReceiver(), taken), { type: 'rejected', error: 'ENVELOPE_UNAUTHENTIC' }, 'sender');
  const typed = resign(first, { contentType: 2 });
  t.match(receiveEnvelope(new MemoryReceiver(), typed), { type: 'rejected', error: 'ENVELOPE_UNAUTHENTIC' }, 'type');
  const later = new EpochKeys(crypto, random(32), 1, keys.groupId);
  const receiver = new MemoryReceiver();
  receiver.epochs = [keys, later];
  t.match(
    receiveEnvelope(receiver, resign(first, { epoch: 1 })),
    { type: 'rejected', error: 'ENVELOPE_UNAUTHENTIC' },
    'epoch',
  );
});

t.test('EN-05 EN-06 EN-07 EN-20 F-022 header rules have their own errors', async (t) => {
  const outcome = (change: Partial<EnvelopeHeader>) => receiveEnvelope(new MemoryReceiver(), resign(first, change));
  t.match(outcome({ version: 2 }), { error: 'ENVELOPE_VERSION' });
  t.match(outcome({ groupId: random(32) }), { error: 'ENVELOPE_BINDING' });
  t.match(outcome({ contentType: 3 }), { error: 'ENVELOPE_MALFORMED' }, 'WELCOME is reserved');
  t.match(outcome({ contentType: 0 }), { error: 'ENVELOPE_MALFORMED' });
  t.match(outcome({ sequence: 0n }), { error: 'ENVELOPE_MALFORMED' });
  t.match(outcome({ sequence: 2n ** 53n }), { error: 'ENVELOPE_MALFORMED' });
  t.match(outcome({ version: 2, groupId: random(32) }), { error: 'ENVELOPE_VERSION' }, 'EN-20: version before group');
});

t.test('EN-07 CL-09 an unknown sender is judged after one look at the devices', async (t) => {
  const receiver = new MemoryReceiver();
  receiver.members = [otherDevice];
  t.match(receiveEnvelope(receiver, first), { type: 'unknown-sender' });
  receiver.members = [device];
  t.strictSame(receiveAll(receiver, [first]), ['text 1']);
});

t.test('EN-09 GR-06 an envelope of an unknown epoch waits', async (t) => {
  const later = new EpochKeys(crypto, random(32), 1, keys.groupId);
  const place = { sequence: 1, previous: new Uint8Array(32) };
  const { envelope } = sealEnvelope(crypto, random, { device, epoch: later }, place, message('later'));
  const receiver = new MemoryReceiver();
  t.match(receiveEnvelope(receiver, envelope), { type: 'pending', epoch: 1 });
  receiver.epochs = [keys, later];
  t.strictSame(receiveAll(receiver, [envelope]), ['later']);
});

t.test('EN-04 LI-04 LI-05 LI-06 sizes are checked first', async (t) => {
  const cases: [Partial<Envelope>, string][] = [
    [{ header: new Uint8Array(0) }, 'ENVELOPE_MALFORMED'],
    [{ header: new Uint8Array(257) }, 'ENVELOPE_MALFORMED'],
    [{ nonce: new Uint8Array(23) }, 'ENVELOPE_MALFORMED'],
    [{ signature: new Uint8Array(65) }, 'ENVELOPE_MALFORMED'],
    [{ ciphertext: new Uint8Array(271) }, 'ENVELOPE_MALFORMED'],
    [{ ciphertext: new Uint8Array(262_161) }, 'ENVELOPE_TOO_LARGE'],
  ];
  for (const [change, error] of cases) {
    t.match(
      receiveEnvelope(new MemoryReceiver(), { ...first, ...change }),
      { type: 'rejected', error },
      Object.keys(change)[0] ?? '',
    );
  }
});

t.test('EN-03 OV-04 a header that is not canonical is refused, even when it is signed', async (t) => {
  const headers = {
    'unknown field': Uint8Array.of(...first.header, 0x78, 0x01),
    'reserved field': Uint8Array.of(...first.header, 0x42, 0x00),
    'default written out': Uint8Array.of(...first.header.subarray(0, -2), 0x30, 0x00, ...first.header.subarray(-2)),
    'fields out of order': Uint8Array.of(...first.header.subarray(-2), ...first.header.subarray(0, -2)),
  };
  for (const [what, header] of Object.entries(headers)) {
    const changed = { ...first, header };
    const envelope = { ...changed, signature: device.sign(envelopeHash(crypto, changed)) };
    t.match(receiveEnvelope(new MemoryReceiver(), envelope), { type: 'rejected', error: 'ENVELOPE_MALFORMED' }, what);
  }
});

t.test('EN-29 EN-24 what a plaintext names as skipped is not missing before it', async (t) => {
  const skipping = (...ranges: { from: bigint; to: bigint }[]) => {
    const content = message('later');
    if (content.type === 'message') content.message.skipped = ranges;
    return sealEnvelope(crypto, random, { device, epoch: keys }, { sequence: 6, previous: random(32) }, content)
      .envelope;
  };
  const outcome = (envelope: Envelope) => {
    const receiver = new MemoryReceiver();
    receiveAll(receiver, [first]);
    return receiveEnvelope(receiver, envelope);
  };
  t.match(outcome(skipping({ from: 2n, to: 5n })), { type: 'accepted', missing: [] });
  t.match(outcome(skipping({ from: 1n, to: 3n }, { from: 5n, to: 5n })), {
    type: 'gap',
    missing: [{ from: 4, to: 4 }],
  });
  t.match(outcome(skipping({ from: 3n, to: 4n })), {
    missing: [
      { from: 2, to: 2 },
      { from: 5, to: 5 },
    ],
  });
  const wrong = {
    'from 0': [{ from: 0n, to: 2n }],
    backwards: [{ from: 3n, to: 2n }],
    'its own sequence': [{ from: 2n, to: 6n }],
    touching: [
      { from: 2n, to: 3n },
      { from: 4n, to: 5n },
    ],
    descending: [
      { from: 4n, to: 5n },
      { from: 2n, to: 2n },
    ],
  };
  for (const [name, ranges] of Object.entries(wrong)) {
    t.match(outcome(skipping(...ranges)), { type: 'rejected', error: 'ENVELOPE_MALFORMED' }, name);
  }
});
