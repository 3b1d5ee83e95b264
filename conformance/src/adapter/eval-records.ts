import { toHex } from '@0k-sync/core/bytes';
import { measureRecord, RecordLayer, responderChannel } from '@0k-sync/core/channel';
import { CipherState, keyPairs } from '@0k-sync/core/noise';
import type { ErrorName } from '@0k-sync/generated/errors';
import { Reject } from '../zkcp/serve.ts';
import type { Input } from './input.ts';
import { crypto, given, type Ops, rejection } from './op.ts';

const COUNTER_MAX = 2n ** 64n - 1n;
const RECORD_PLAINTEXT_BYTES_MAX = 65_519;

/** Transport records, and the four bytes before everything. WI-01 to WI-06, HS-09. */
export const recordOps = {
  'record.seal': (input) => {
    const records = recordsOf(input);
    const plaintext = input.bytes('plaintext');
    if (plaintext.length === 0 || plaintext.length > RECORD_PLAINTEXT_BYTES_MAX)
      throw new Reject('frame.parse', undefined, 'plaintext does not fit one record');
    return { record: toHex(records.seal(plaintext)) };
  },

  'record.open': (input) => {
    const records = recordsOf(input);
    const record = input.bytes('record');
    const length = measureRecord(record, 0, record.length);
    if (typeof length === 'object') throw rejection(length.error, length.detail);
    if (length === undefined || record.length < length) throw rejection('STREAM_TRUNCATED');
    if (record.length > length) throw new Reject('frame.parse');
    return { plaintext: toHex(given(records.open(record), 'frame.parse')) };
  },

  'preface.parse': (input) => {
    const bytes = input.bytes('bytes', 4);
    let error: ErrorName | undefined;
    const channel = responderChannel(
      { crypto, draws: () => new Uint8Array(32), staticKeys: keyPairs(crypto, new Uint8Array(32), new Uint8Array(64)) },
      { send: () => {}, ready: () => {}, plaintext: () => false, failed: (reason) => (error = reason) },
    );
    channel.receive(bytes);
    if (error !== undefined) throw rejection(error);
    return { version: bytes[2], kind: bytes[3] };
  },
} satisfies Ops;

/** Both directions under one key and counter. HS-09 for the counter that is never used. */
function recordsOf(input: Input): RecordLayer {
  const [key, n] = [input.bytes('key', 32), input.u64('n')];
  if (n === COUNTER_MAX) throw new Reject('handshake.order');
  return new RecordLayer({
    send: new CipherState(crypto, key.slice(), n),
    receive: new CipherState(crypto, key.slice(), n),
  });
}
