import { TimedOut, within } from '@0k-sync/testkit/time';
import t from 'tap';
import type { Failed } from '../../src/model.ts';
import { expectSame, expectTrue } from '../../src/suites/client/verdict.ts';

t.test('a condition that does not hold is what was expected', async (t) => {
  t.throws(() => expectTrue('after is pulled', false, []), {
    name: 'Failed',
    expected: 'after is pulled',
    actual: '[]',
    message: 'this does not hold: expected after is pulled, got []',
  });
});

t.test('values that differ only behind what is shown are shown where they differ', async (t) => {
  const common = 'x'.repeat(500);
  try {
    expectSame('the texts', [`${common}1`], [`${common}2`]);
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
