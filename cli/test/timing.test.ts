import t from 'tap';
import { waitFor } from '../src/timing.ts';

const never = new Promise<never>(() => undefined);

t.test('waits for the first of answer, time and interruption', async (t) => {
  const { signal } = new AbortController();
  t.strictSame(await waitFor(Promise.resolve(5), 1e6, signal), { outcome: 'done', value: 5 });
  t.strictSame(await waitFor(never, 1, signal), { outcome: 'timeout' });
  t.strictSame(await waitFor(never, 1e6, AbortSignal.abort()), { outcome: 'interrupted' });
  const interruption = new AbortController();
  const waiting = waitFor(never, 1e6, interruption.signal);
  interruption.abort();
  t.strictSame(await waiting, { outcome: 'interrupted' });
  await t.rejects(waitFor(Promise.reject(new RangeError('x')), 1e6, signal), RangeError);
});
