import t from 'tap';
import { evaluate } from '../../src/adapter/eval.ts';
import { Reject } from '../../src/zkcp/serve.ts';

const zeros = (bytes: number) => '00'.repeat(bytes);

/** One member of each input has another length than zkcp.md gives. */
const WRONG_LENGTHS = [
  ['aead.xchacha20poly1305.open', { key: zeros(31), nonce: zeros(24), ad: '', ciphertext: zeros(16) }],
  ['aead.xchacha20poly1305.open', { key: zeros(32), nonce: zeros(23), ad: '', ciphertext: zeros(16) }],
  ['kem.mlkem768.decaps', { dz: zeros(63), ct: zeros(1088) }],
  ['record.open', { key: zeros(31), n: '0', record: zeros(19) }],
  ['preface.parse', { bytes: '304b01' }],
  ['member.verify', { record: '', group_id: zeros(31), auth_key: zeros(32) }],
  ['envelope.open', { envelope: '', group_id: zeros(31), epochs: [], members: [] }],
] as const;

t.test('a member of another length is an error of the request, not a refusal', async (t) => {
  for (const [op, input] of WRONG_LENGTHS) {
    const error = t.throws(() => evaluate(op, input), TypeError, op);
    t.notOk(error instanceof Reject, op);
  }
});
