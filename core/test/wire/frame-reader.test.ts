import { concat } from '@0k-sync/core/bytes';
import { type Failure, FrameReader, FrameWriter, type ReadFrame } from '@0k-sync/core/wire';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { allSamples, frameSamples } from '@0k-sync/testkit/samples';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import t from 'tap';

const bodies = allSamples;

function readAll(reader: FrameReader, piece: Uint8Array): (ReadFrame | Failure)[] {
  const reads: (ReadFrame | Failure)[] = [];
  reader.push(piece);
  for (let read = reader.next(); read !== undefined; read = reader.next()) {
    reads.push(read);
    if (!read.ok) break;
  }
  return reads;
}

function errorOf(bytes: Uint8Array): string | undefined {
  const last = readAll(new FrameReader('client'), bytes).at(-1);
  return last?.ok === false ? last.error : undefined;
}

function streamOf(...frames: Parameters<FrameWriter['write']>[0][]): Uint8Array {
  const writer = new FrameWriter();
  for (const frame of frames) writer.write(frame);
  return writer.take() ?? new Uint8Array(0);
}

const frames = bodies.map((body, index) => ({ requestId: index, body }));
const stream = streamOf(...frames);
const expected = frames.map(({ body }) => body.$case);

t.test('WI-07 frames come out alike from the whole stream, every split of it, and byte by byte', async (t) => {
  const whole = readAll(new FrameReader('client'), stream);
  t.strictSame(
    whole.map((read) => read.ok && read.frame),
    frames,
  );
  t.equal(
    whole.reduce((sum, read) => sum + (read.ok ? read.byteLength : 0), 0),
    stream.length,
  );
  for (let split = 1; split < stream.length; split += 1) {
    const reader = new FrameReader('client');
    const reads = [...readAll(reader, stream.slice(0, split)), ...readAll(reader, stream.slice(split))];
    if (!reads.every((read) => read.ok) || reads.length !== frames.length || !reader.isEmpty)
      t.fail(`split at ${split}`);
  }
  const reader = new FrameReader('client');
  const reads = [...stream].flatMap((byte) => readAll(reader, Uint8Array.of(byte)));
  t.strictSame(
    reads.map((read) => read.ok && read.frame.body?.$case),
    expected,
  );
  t.ok(reader.isEmpty);
});

t.test('WI-12 isEmpty tells whether the stream stands inside a frame', async (t) => {
  const reader = new FrameReader('client');
  t.ok(reader.isEmpty);
  readAll(reader, stream.slice(0, 1));
  t.notOk(reader.isEmpty);
  readAll(reader, stream.slice(1));
  t.ok(reader.isEmpty);
});

t.test('WI-10 LI-01 a length is a minimal varint from 1 to FRAME_BYTES_MAX', async (t) => {
  const cases: Record<string, Uint8Array> = {
    zero: Uint8Array.of(0),
    'not minimal': Uint8Array.of(0x81, 0x00),
    'one too large': new BinaryWriter().uint32(FRAME_BYTES_MAX + 1).finish(),
    '4 GiB': Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
    'six bytes': Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x01),
    'five bytes and no end': Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80),
  };
  for (const [what, bytes] of Object.entries(cases)) t.equal(errorOf(bytes), 'FRAME_TOO_LARGE', what);
  t.equal(errorOf(Uint8Array.of(0x80, 0x80, 0x80, 0x80)), undefined, 'four bytes may still end');
  t.equal(errorOf(concat(new BinaryWriter().uint32(FRAME_BYTES_MAX).finish(), Uint8Array.of(0x6a))), undefined);
});

t.test('WI-11 abuse/length-before-alloc a declared length sets no memory aside', async (t) => {
  const declared = new BinaryWriter().uint32(FRAME_BYTES_MAX).finish();
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 1000 }, () => {
    const reader = new FrameReader('client');
    readAll(reader, declared);
    return reader;
  });
  t.ok(process.memoryUsage().arrayBuffers - before < 4 * FRAME_BYTES_MAX, '1,000 declared MiB cost less than 4');
  t.equal(readers.length, 1000);
});

t.test('WI-11 byte by byte input costs linear work', async (t) => {
  const body = {
    ...frameSamples.full.mailboxItem,
    value: { ...frameSamples.full.mailboxItem.value, payload: new Uint8Array(200_000) },
  };
  const bytes = streamOf({ requestId: 1, body });
  const reader = new FrameReader('relay');
  const start = process.hrtime.bigint();
  let count = 0;
  for (const byte of bytes) count += readAll(reader, Uint8Array.of(byte)).length;
  t.equal(count, 1);
  t.comment(`${bytes.length} pieces in ${(process.hrtime.bigint() - start) / 1_000_000n} ms`);
});

t.test('WI-15 a frame without a known body is refused as such', async (t) => {
  t.equal(errorOf(Uint8Array.of(2, 0x08, 0x01)), 'UNKNOWN_FRAME', 'no body');
  t.equal(errorOf(Uint8Array.of(5, 0x08, 0x01, 0xa2, 0x06, 0x00)), 'UNKNOWN_FRAME', 'a body of a later version');
});

t.test('a failure stays, whatever comes after it', async (t) => {
  const reader = new FrameReader('client');
  t.match(readAll(reader, concat(Uint8Array.of(1, 0x0b), stream)), [{ ok: false, error: 'INVALID_MESSAGE' }]);
  t.match(readAll(reader, stream), [{ ok: false, error: 'INVALID_MESSAGE' }]);
  const lengths = new FrameReader('client');
  t.match(readAll(lengths, Uint8Array.of(0)), [{ ok: false, error: 'FRAME_TOO_LARGE' }]);
  t.match(readAll(lengths, stream), [{ ok: false, error: 'FRAME_TOO_LARGE' }]);
});

t.test('WI-10 a frame that no reader would take is the writer’s mistake', async (t) => {
  const payload = new Uint8Array(FRAME_BYTES_MAX);
  const body = { ...frameSamples.full.mailboxPut, value: { ...frameSamples.full.mailboxPut.value, payload } };
  const writer = new FrameWriter();
  t.throws(() => writer.write({ requestId: 1, body }), RangeError);
  t.equal(writer.take(), undefined, 'nothing of it is written');
});

t.test('the parts of a piece are taken before the next is given', async (t) => {
  const reader = new FrameReader('client');
  reader.push(stream);
  t.throws(() => reader.push(stream), TypeError);
});
