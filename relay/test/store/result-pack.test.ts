import { PushStatus } from '@0k-sync/generated/wire/frame';
import t from 'tap';
import { packResults, ResultReader } from '../../src/store/messages/result-pack.ts';
import type { PushResult } from '../../src/store/port.ts';

const accepted = (cursor: number): PushResult => ({
  status: PushStatus.PUSH_STATUS_ACCEPTED,
  cursor,
  receivedAtMs: 2 ** 41 + cursor,
  refusal: undefined,
});
const refused = (refusal: PushResult['refusal']): PushResult => ({
  status: PushStatus.PUSH_STATUS_REFUSED,
  cursor: 0,
  receivedAtMs: 0,
  refusal,
});
const stub = (byte: number, headerBytes: number) => ({
  header: new Uint8Array(headerBytes).fill(byte),
  bodyHash: new Uint8Array(32).fill(byte + 1),
  signature: new Uint8Array(64).fill(byte + 2),
});

t.test('RL-20 RL-27 finding/R2 results come out as they were packed, and their bytes in one buffer', async (t) => {
  const pushes = [
    [accepted(1), accepted(2 ** 53 - 1), refused({ error: 'SEQUENCE_CONFLICT', conflict: stub(1, 170) })],
    [],
    [refused({ error: 'UNAUTHORIZED' })],
    [refused({ error: 'SEQUENCE_CONFLICT', conflict: stub(7, 1) })],
    [accepted(3)],
  ];
  const packed = packResults(pushes);
  const reader = new ResultReader(packed);
  t.same(
    pushes.map(() => reader.next()),
    pushes,
  );
  t.equal(packed.bytes.length, 170 + 1 + 2 * 96);
  t.throws(() => reader.next(), RangeError);
});
