// The reference adapter's pure functions against every vector, and what is no vector.
import t from 'tap';
import { makeWaitingDrafts } from '../generate/drafts.ts';
import { committedPaths, readCommitted } from '../generate/write.ts';
import { evaluate, opNames } from '../src/adapter/eval.ts';
import { compare } from '../src/vectors/judge.ts';
import { Unsupported } from '../src/zkcp/serve.ts';
import { answerOf } from './support/answer.ts';

for (const path of committedPaths()) {
  const { file } = readCommitted(path);
  t.test(`${path}: ${file.op}`, async (t) => {
    for (const { id, in: input, draws, now_ms, expect } of file.cases) {
      const answer = answerOf(file.op, input, draws, now_ms);
      const { verdict, expected, actual } = compare(expect, answer);
      t.equal(verdict, 'pass', `${id} ${expected ?? ''} ${actual ?? ''}`);
    }
  });
}

t.test('there are vectors of every op', async (t) => {
  const ops = new Set(committedPaths().map((path) => readCommitted(path).file.op));
  const waiting = makeWaitingDrafts().map(({ op }) => op);
  t.strictSame([...ops, ...waiting].sort(), [...opNames].sort());
});

t.test('an unknown op is unsupported', async (t) => {
  t.throws(() => evaluate('kdf.unheard-of', {}), Unsupported);
  t.throws(() => evaluate('hs.transcript', { suite: 'Noise_NN_25519_ChaChaPoly_SHA256' }), Unsupported);
});

t.test('a member that is missing or of another type is a TypeError, never a rejection', async (t) => {
  const zeros = '00'.repeat(32);
  for (const [op, input] of [
    ['hash.blake3', {}],
    ['hash.blake3', { data: 'ABCD' }],
    ['hash.blake3', { data: 'abc' }],
    ['hash.blake3', { data: 7 }],
    ['padme.pad', { len: '7' }],
    ['padme.pad', { len: 1 }],
    ['padme.pad', { len: -3 }],
    ['record.seal', { key: zeros, n: 3, plaintext: '00' }],
    ['record.seal', { key: zeros, n: '18446744073709551616', plaintext: '00' }],
    ['record.seal', { key: zeros, n: '01', plaintext: '00' }],
    ['frame.decode', { bytes: '', from: 'nobody' }],
    ['frame.encode', { frame: { ping: {}, unheard_of: 1 } }],
    ['frame.encode', { frame: { push: { items: {} } } }],
    ['kdf.group', { secret: zeros, epoch: 1 }],
    ['hs.responder', { version: 3, s_x25519: zeros, receive: [] }],
    ['invite.parse', { link: '0ksync:' }],
  ] as const) {
    t.throws(() => evaluate(op, input), TypeError, `${op} ${JSON.stringify(input)}`);
  }
});

t.test('WI-05: a plaintext that no record holds is refused as a frame would be', async (t) => {
  const key = '00'.repeat(32);
  const seal = (bytes: number) => answerOf('record.seal', { key, n: '1', plaintext: '00'.repeat(bytes) });
  for (const bytes of [0, 65_520]) t.strictSame(seal(bytes), { reject: { class: 'frame.parse' } }, `${bytes} bytes`);
  for (const bytes of [1, 65_519]) t.ok('ok' in seal(bytes), `${bytes} bytes`);
});
