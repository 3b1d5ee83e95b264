import t from 'tap';
import { contrast, cut } from '../src/excerpt.ts';

t.test('a long text is cut and says how long it was', async (t) => {
  t.equal(cut('short'), 'short');
  t.equal(cut('x'.repeat(9), 4), 'xxxx… (9 characters)');
});

t.test('short texts are shown whole', async (t) => {
  t.strictSame(contrast('00', '01'), { expected: '00', actual: '01', where: undefined });
});

t.test('long bytes are shown around their first difference', async (t) => {
  const common = 'ab'.repeat(1000);
  const { expected, actual, where } = contrast(`${common}00${common}`, `${common}01${common}`);
  t.equal(where, 'first difference at byte 1000 of 2001, counted from 0');
  t.equal(expected, `…${'ab'.repeat(16)}00${'ab'.repeat(31)}…`);
  t.equal(actual, `…${'ab'.repeat(16)}01${'ab'.repeat(31)}…`);
});

t.test('a text that ends early differs at its end', async (t) => {
  const whole = 'a long text '.repeat(50);
  const { expected, actual, where } = contrast(whole, whole.slice(0, 300));
  t.equal(where, 'first difference at character 300 of 600, counted from 0; the actual one has 300');
  t.equal(actual, `…${whole.slice(284, 300)}`);
  t.ok(expected.startsWith(actual));
});
