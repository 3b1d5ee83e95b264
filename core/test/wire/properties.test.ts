import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FrameReader, FrameWriter, readMessage } from '@0k-sync/core/wire';
import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';
import { EnvelopeHeader, Message } from '@0k-sync/generated/wire/envelope';
import { Frame } from '@0k-sync/generated/wire/frame';
import { MemberAnnouncement, MemberRecordBody, Welcome } from '@0k-sync/generated/wire/group';
import { Invite } from '@0k-sync/generated/wire/pairing';
import { allSamples } from '@0k-sync/testkit/samples';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import t from 'tap';

const directory = join(import.meta.dirname, '../../../proto/zerok/sync/v1');
const root = new protobuf.Root();
for (const name of readdirSync(directory)) {
  protobuf.parse(readFileSync(join(directory, name), 'utf8'), root, { keepCase: true });
}
root.resolveAll();

const codec = (name: MessageName) => root.lookupType(`zerok.sync.v1.${name}`);
const parameters = { numRuns: 300, seed: 20_260_101 };

/** Makes random values for one field, within the schema. */
function arbitraryOf(field: FieldSchema): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'bool':
      return fc.boolean();
    case 'uint32':
      return fc.nat({ max: 0xffff_ffff });
    case 'uint64':
      return fc.maxSafeNat();
    case 'enum':
      return fc.constantFrom(...(field.values ?? []));
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 6 });
    case 'bytes': {
      const { length, lengthMax = 40 } = field;
      return length === undefined
        ? fc.uint8Array({ maxLength: Math.min(lengthMax, 40) })
        : fc.uint8Array({ minLength: length, maxLength: length });
    }
    case 'message':
      return messageOf(field.message as MessageName);
  }
}

function messageOf(name: MessageName): fc.Arbitrary<Record<string, unknown>> {
  const entries = schema[name].fields
    .filter(({ oneof }) => oneof === undefined)
    .map((field) => {
      const value = arbitraryOf(field);
      if (field.itemsMax !== undefined) return [field.name, fc.array(value, { maxLength: 3 })] as const;
      const isNeeded = field.required === true || (field.length !== undefined && field.mayBeEmpty !== true);
      return [field.name, isNeeded ? value : fc.option(value, { nil: undefined })] as const;
    });
  const members = schema[name].fields.filter(({ oneof }) => oneof !== undefined);
  const plain = fc
    .record(Object.fromEntries(entries))
    .map((message) => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)));
  if (members.length === 0) return plain;
  const member = fc.oneof(...members.map((field) => arbitraryOf(field).map((value) => ({ [field.name]: value }))));
  return fc.tuple(plain, member).map(([message, chosen]) => ({ ...message, ...chosen }));
}

t.test('WI-13 what a second codec writes passes the walk, for every message', async (t) => {
  for (const name of Object.keys(schema) as MessageName[]) {
    fc.assert(
      fc.property(messageOf(name), (message) => {
        const bytes = codec(name).encode(codec(name).fromObject(message)).finish();
        const read = readMessage(name, bytes, 'client');
        if (!read.ok) throw new Error(read.detail);
      }),
      { ...parameters, numRuns: name === 'Frame' ? 300 : 40 },
    );
    t.pass(name);
  }
});

t.test(
  'WI-13 OV-04 reading gives what the generated codec gives, and tells whether it would write the same',
  async (t) => {
    const codecs = { Frame, EnvelopeHeader, Invite, MemberAnnouncement, MemberRecordBody, Message, Welcome };
    for (const [name, generated] of Object.entries(codecs) as [MessageName, typeof Frame][]) {
      fc.assert(
        fc.property(messageOf(name), (message) => {
          const bytes = codec(name).encode(codec(name).fromObject(message)).finish();
          const read = readMessage(name, bytes, 'client');
          const decoded = generated.decode(bytes);
          t.strictSame(read.ok && read.message, decoded);
          t.equal(read.ok && read.isCanonical, Buffer.compare(generated.encode(decoded).finish(), bytes) === 0);
        }),
        { ...parameters, numRuns: 100 },
      );
    }
  },
);

t.test('WI-13 both codecs read the same from frames', async (t) => {
  fc.assert(
    fc.property(messageOf('Frame'), (message) => {
      const bytes = codec('Frame').encode(codec('Frame').fromObject(message)).finish();
      const again = Frame.encode(Frame.decode(bytes)).finish();
      const options = { longs: String, bytes: String, defaults: true, enums: Number } as const;
      const first = codec('Frame').toObject(codec('Frame').decode(bytes), options);
      t.strictSame(codec('Frame').toObject(codec('Frame').decode(again), options), first);
    }),
    { ...parameters, numRuns: 100 },
  );
});

t.test('WI-13 what passes the walk decodes without a throw, whatever was mutated', async (t) => {
  const samples = allSamples.map((body) => Frame.encode({ requestId: 3, body }).finish());
  let passed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'insert', 'remove')), { maxLength: 4 }),
      (sample, edits) => {
        const bytes = [...sample];
        for (const [at, value, kind] of edits) {
          const position = at % (bytes.length + 1);
          if (kind === 'set') bytes[position] = value;
          else bytes.splice(position, kind === 'insert' ? 0 : 1, ...(kind === 'insert' ? [value] : []));
        }
        const mutated = Uint8Array.from(bytes);
        const read = readMessage('Frame', mutated, 'client');
        if (!read.ok) return;
        passed += 1;
        const frame = Frame.decode(mutated);
        t.strictSame(read.message, frame);
        t.equal(read.isCanonical, Buffer.compare(Frame.encode(frame).finish(), mutated) === 0);
        codec('Frame').decode(mutated);
      },
    ),
    { ...parameters, numRuns: 3000 },
  );
  t.ok(passed > 100, `${passed} of 3,000 passed`);
});

t.test('WI-10 SC-22 random bytes never throw, in pieces of any size', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (pieces) => {
      const reader = new FrameReader('client');
      for (const piece of pieces) {
        reader.push(piece);
        for (let read = reader.next(); read?.ok; read = reader.next());
        if (reader.next()?.ok === false) return;
      }
    }),
    { ...parameters, numRuns: 2000 },
  );
  t.pass('2,000 streams');
});

t.test('WI-07 any cutting of a stream gives the same frames', async (t) => {
  const writer = new FrameWriter();
  const frames = allSamples.map((body, index) => ({ requestId: index, body }));
  for (const frame of frames) writer.write(frame);
  const stream = writer.take() ?? new Uint8Array(0);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 }), (sizes) => {
      const reader = new FrameReader('client');
      const read: Frame[] = [];
      for (let start = 0, turn = 0; start < stream.length; turn += 1) {
        const size = sizes[turn] ?? stream.length;
        reader.push(stream.subarray(start, start + size));
        start += size;
        for (let next = reader.next(); next !== undefined; next = reader.next()) {
          if (!next.ok) throw new Error(next.detail);
          read.push(next.frame);
        }
      }
      t.strictSame(read, frames);
    }),
    { ...parameters, numRuns: 100 },
  );
});
