import { TimedOut, within } from '@0k-sync/testkit/time';
import t from 'tap';
import type { Failed } from '../src/model.ts';
import { expect, expectMembers, expectThat } from '../src/suites/expect.ts';

t.test('a condition that does not hold says what was expected, and what there is', async (t) => {
  t.throws(() => expectThat('pulled', false, 'after', []), {
    name: 'Failed',
    expected: 'after',
    actual: '[]',
    message: 'pulled: expected after, got []',
  });
});

t.test('bytes are compared as bytes, and shown in hexadecimal', async (t) => {
  t.doesNotThrow(() => expect('the key', Uint8Array.of(1, 2), new Uint8Array([1, 2])));
  t.throws(() => expect('the key', Uint8Array.of(1, 2), Uint8Array.of(1, 3)), {
    name: 'Failed',
    expected: '0103',
    actual: '0102',
  });
});

t.test('only the named members of a value are compared', async (t) => {
  t.doesNotThrow(() => expectMembers('the page', { next: 3n, head: 9n }, { next: 3n }));
  t.throws(() => expectMembers('the page', { next: 3n, head: 9n }, { head: 8n }), {
    name: 'Failed',
    expected: '{"head":"8"}',
    actual: '{"head":"9"}',
  });
  t.throws(() => expectMembers('the page', undefined, { head: 8n }), { name: 'Failed', expected: '{"head":"8"}' });
});

t.test('values that differ only behind what is shown are shown where they differ', async (t) => {
  const common = 'x'.repeat(500);
  try {
    expect('the texts', [`${common}1`], [`${common}2`]);
    t.fail('they are not the same');
  } catch (error) {
    const { expected, actual, message } = error as Failed;
    t.match([expected, actual], [/x2"\]$/, /x1"\]$/]);
    t.match(message, /^the texts, first difference at character 502 of 505/);
  }
});

t.test('what does not come in time is named as it was called', async (t) => {
  const never = new Promise<void>(() => undefined);
  await t.rejects(within(never, 'a new connection', 1), new TimedOut('a new connection', 1));
  t.equal(new TimedOut('the Ack comes', 15_000).message, 'the Ack comes: not within 15000 ms');
  t.equal(new TimedOut('a new connection', 15_000).message, 'a new connection: not within 15000 ms');
});
