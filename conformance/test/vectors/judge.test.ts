import t from 'tap';
import type { VectorCase } from '../../src/vectors/case.ts';
import { canariesOf, compare } from '../../src/vectors/judge.ts';

const REFUSED = { reject: { class: ['envelope.auth', 'envelope.parse'] } };

t.test('ok is compared as a whole, reject by its class', async (t) => {
  t.match(compare({ ok: { a: '00' } }, { ok: { a: '00' } }), { verdict: 'pass' });
  t.match(compare({ ok: { a: '00' } }, { ok: { a: '01' } }), {
    verdict: 'fail',
    expected: 'ok.a = "00"',
    actual: 'ok.a = "01"',
  });
  t.match(compare(REFUSED, { reject: { class: 'envelope.parse' } }), { verdict: 'pass' });
  t.match(compare(REFUSED, { reject: { class: 'frame.parse', detail: 'why' } }), {
    verdict: 'fail',
    expected: 'reject envelope.auth or envelope.parse',
    actual: 'reject frame.parse why',
  });
});

t.test('only reject satisfies a case that must be refused', async (t) => {
  for (const answer of [{ ok: {} }, { error: { detail: 'envelope.auth' } }, { unsupported: { what: 'this' } }])
    t.equal(compare(REFUSED, answer).verdict, 'fail', JSON.stringify(answer));
});

t.test('canaries are what the twin decrypts to, as hexadecimal and as text', async (t) => {
  const twin = { expect: { ok: { plaintext: Buffer.from('a long secret').toString('hex'), hash: 'ab'.repeat(32) } } };
  t.strictSame(canariesOf(twin as unknown as VectorCase), [
    Buffer.from('a long secret').toString('hex'),
    'a long secret',
  ]);
  t.strictSame(canariesOf(undefined), []);
});
