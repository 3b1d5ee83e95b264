import t from 'tap';
import { waitFor } from '../src/wait-for.ts';

const never = new Promise<never>(() => undefined);

t.test('waits for the first of answer, time and interruption', async (t) => {
  const { signal } = new AbortController();
  t.strictSame(await waitFor(Promise.resolve(5), 1e6, signal), { end: 'done', value: 5 });
  t.strictSame(await waitFor(never, 1, signal), { end: 'timeout' });
  t.strictSame(await waitFor(never, 1e6, AbortSignal.abort()), { end: 'interrupted' });
  const interruption = new AbortController();
  const waiting = waitFor(never, 1e6, interruption.signal);
  interruption.abort();
  t.strictSame(await waiting, { end: 'interrupted' });
  await t.rejects(waitFor(Promise.reject(new RangeError('x')), 1e6, signal), RangeError);
});
