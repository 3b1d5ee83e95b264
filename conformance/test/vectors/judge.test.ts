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

t.test('a difference deep inside a long text is shown where it is', async (t) => {
  const common = '6e28ff2c'.repeat(400);
  t.match(compare({ ok: { messages: ['', `${common}00`] } }, { ok: { messages: ['', `${common}01`] } }), {
    expected: /^ok\.messages\.1 = "…[0-9a-f]{32}00"$/,
    actual: /^ok\.messages\.1 = "…[0-9a-f]{32}01"$/,
    detail: 'first difference at byte 1600 of 1601, counted from 0',
  });
});

t.test('a refusal in place of a long answer names the members of it', async (t) => {
  const refused = { reject: { class: 'frame.parse' } };
  t.equal(compare({ ok: { len: 10 } }, refused).expected, 'ok {"len":10}');
  t.equal(compare({ ok: { bytes: '00'.repeat(4000), hash: '' } }, refused).expected, 'ok with bytes, hash');
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
