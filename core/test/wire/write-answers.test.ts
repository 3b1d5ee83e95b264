import { errors } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX } from '@0k-sync/generated/limits';
import { Frame, PushStatus } from '@0k-sync/generated/wire/frame';
import { delimited } from '@0k-sync/testkit/wire';
import fc from 'fast-check';
import t from 'tap';
import { errorOf, type FrameBody } from '../../src/wire/index.ts';
import { writeErrorFrame } from '../../src/wire/write-error.ts';
import { writePong } from '../../src/wire/write-pong.ts';
import { writePushAck } from '../../src/wire/write-push-ack.ts';

const numbers = Object.values(errors).map(({ number }) => number);
const meanings = Object.values(errors).map(({ meaning }) => meaning);
const wireNumber = fc.oneof(fc.constant(0n), fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 53n - 1n));
const requestId = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const stub = fc.record({
  header: fc.uint8Array({ maxLength: 300 }),
  bodyHash: fc.uint8Array({ maxLength: 32 }),
  signature: fc.uint8Array({ maxLength: 64 }),
});
const error = fc.record({
  code: fc.constantFrom(0, ...numbers),
  detail: fc.oneof(fc.constantFrom('', ...meanings), fc.string({ unit: 'grapheme', maxLength: 80 })),
  retryAfterMs: wireNumber,
  conflict: fc.option(stub, { nil: undefined }),
});
const result = fc.record({
  status: fc.constantFrom(...Object.values(PushStatus).filter((status) => Number(status) >= 0)),
  cursor: wireNumber,
  error: fc.option(error, { nil: undefined }),
});
const ack = fc.record({ results: fc.array(result, { maxLength: 256 }), durable: fc.boolean() });

/** Compares a writer with the encoder. */
function isWrittenAsEncoded(bodies: fc.Arbitrary<FrameBody>, write: (frame: Frame) => Uint8Array | undefined): void {
  const property = fc.property(requestId, bodies, (requestId, body) => {
    const encoded = delimited(Frame.encode({ requestId, body }).finish());
    const written = write({ requestId, body });
    if (written === undefined || Buffer.compare(written, encoded) !== 0)
      throw new Error(`${Buffer.from(encoded).toString('hex')} and ${Buffer.from(written ?? []).toString('hex')}`);
  });
  fc.assert(property, { numRuns: 1000 });
}

t.test('RL-21 RL-27 WI-10 finding/R2 a PushAck is written byte for byte as the encoder writes it', async (t) => {
  isWrittenAsEncoded(
    ack.map((value) => ({ $case: 'pushAck', value })),
    writePushAck,
  );
  t.equal(writePushAck({ requestId: 1, body: { $case: 'ping', value: {} } }), undefined);
});

t.test('ER-02 ER-04 WI-10 finding/R2 an Error is written byte for byte as the encoder writes it', async (t) => {
  isWrittenAsEncoded(
    error.map((value) => ({ $case: 'error', value })),
    writeErrorFrame,
  );
  t.equal(writeErrorFrame({ requestId: 1, body: { $case: 'ping', value: {} } }), undefined);
});

t.test('WI-10 finding/R4 a Pong is written byte for byte as the encoder writes it', async (t) => {
  isWrittenAsEncoded(
    wireNumber.map((serverTimeMs) => ({ $case: 'pong', value: { serverTimeMs } })),
    writePong,
  );
  t.equal(writePong({ requestId: 1, body: { $case: 'ping', value: {} } }), undefined);
});

t.test('ER-04 every meaning of the table is short enough for a detail, and a longer text is cut', async (t) => {
  const bytes = (text: string) => Buffer.byteLength(text);
  t.ok(Math.max(...meanings.map(bytes)) <= ERROR_DETAIL_BYTES_MAX);
  const { detail } = errorOf({ error: 'CHAIN_BROKEN', detail: 'ü'.repeat(ERROR_DETAIL_BYTES_MAX) });
  t.equal(bytes(detail), ERROR_DETAIL_BYTES_MAX);
});
