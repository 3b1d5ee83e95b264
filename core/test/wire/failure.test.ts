import { classOf, errorFrame, errorNameOf, fail, ProtocolError } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX } from '@0k-sync/generated/limits';
import t from 'tap';

t.test('ER-01 a ProtocolError says what its row says', async (t) => {
  for (const name of Object.keys(errors) as ErrorName[]) {
    const error = new ProtocolError(name);
    t.match(error, { name, code: errors[name].number, class: errors[name].class, detail: errors[name].meaning });
    t.equal(errorNameOf(errors[name].number), name);
    t.equal(classOf(name), errors[name].class);
  }
  t.match(ProtocolError.from(fail('CURSOR_GAP', 'why')), { name: 'CURSOR_GAP', message: 'why' });
});

t.test('ER-06 a number of no row is treated as overload or as invalid', async (t) => {
  t.equal(errorNameOf(3999), 'RELAY_OVERLOADED');
  t.equal(errorNameOf(1999), 'INVALID_MESSAGE');
  t.equal(errorNameOf(0), 'INVALID_MESSAGE');
});

t.test('ER-04 LI-34 a detail is cut between characters', async (t) => {
  const frame = errorFrame({ error: 'RATE_LIMITED', detail: '二'.repeat(100), retryAfterMs: 5 });
  if (frame.$case !== 'error') throw new TypeError(frame.$case);
  t.equal(frame.value.detail, '二'.repeat(85));
  t.ok(new TextEncoder().encode(frame.value.detail).length <= ERROR_DETAIL_BYTES_MAX);
  t.match(frame.value, { code: 2000, retryAfterMs: 5n, conflict: undefined });
  t.match(errorFrame({ error: 'RATE_LIMITED' }), { value: { detail: errors.RATE_LIMITED.meaning } });
});
