import { Frame, PushStatus } from '@0k-sync/generated/wire/frame';
import { delimited } from '@0k-sync/testkit/wire';
import fc from 'fast-check';
import t from 'tap';
import { errorOf } from '../../src/wire/index.ts';
import { writePushAck } from '../../src/wire/write-push-ack.ts';

const { PUSH_STATUS_ACCEPTED, PUSH_STATUS_DUPLICATE, PUSH_STATUS_REMOVED, PUSH_STATUS_REFUSED } = PushStatus;
const result = fc.record({
  status: fc.constantFrom(PUSH_STATUS_ACCEPTED, PUSH_STATUS_DUPLICATE, PUSH_STATUS_REMOVED),
  cursor: fc.oneof(fc.constant(0n), fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 53n - 1n)),
  error: fc.constant(undefined),
});
const acks = fc.record({ results: fc.array(result, { maxLength: 256 }), durable: fc.constant(true) });

t.test('RL-21 WI-10 a PushAck is written byte for byte as the encoder writes it', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
      acks,
      (requestId, value) => {
        const encoded = delimited(Frame.encode({ requestId, body: { $case: 'pushAck', value } }).finish());
        const written = writePushAck(requestId, value);
        if (written === undefined || Buffer.compare(written, encoded) !== 0)
          throw new Error(`${Buffer.from(encoded).toString('hex')} and ${Buffer.from(written ?? []).toString('hex')}`);
      },
    ),
    { numRuns: 1000 },
  );
  t.pass();
});

t.test('RL-21 what the encoder would leave out, and errors, are left to the encoder', async (t) => {
  const refused = { status: PUSH_STATUS_REFUSED, cursor: 0n, error: errorOf({ error: 'CHAIN_BROKEN' }) };
  const accepted = { status: PUSH_STATUS_ACCEPTED, cursor: 1n, error: undefined };
  t.equal(writePushAck(1, { results: [accepted, refused], durable: true }), undefined);
  t.equal(writePushAck(1, { results: [accepted], durable: false }), undefined);
  t.equal(writePushAck(0, { results: [accepted], durable: true }), undefined);
  t.equal(writePushAck(1, { results: [{ ...accepted, status: 0 }], durable: true }), undefined);
});
