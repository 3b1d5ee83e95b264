import t from 'tap';
import { type OpenState, stepOutboxEntry, takesCommand } from '../src/outbound/outbox-machine.ts';

const ROWS: readonly [string, OpenState, Parameters<typeof stepOutboxEntry>[1], string, readonly string[]][] = [
  ['CL-40', 'queued', 'seal', 'sealed', ['store-sealed']],
  ['CL-41', 'queued', 'drop', 'dropped', ['delete']],
  ['CL-42', 'sealed', 'send', 'sent', []],
  ['CL-43', 'sent', 'accepted', 'acknowledged', ['report-acknowledged']],
  ['CL-44', 'sent', 'connection-lost', 'sealed', []],
  ['CL-45', 'sent', 'refused-later', 'deferred', ['schedule-retry']],
  ['CL-63', 'deferred', 'send', 'sent', []],
  ['CL-64', 'deferred', 'drop', 'dropped', ['delete', 'mark-skip']],
  ['CL-65', 'deferred', 'connection-lost', 'deferred', []],
  ['CL-46', 'sent', 'refused', 'refused', ['report-refused']],
  ['CL-47', 'refused', 'retry', 'sealed', []],
  ['CL-48', 'refused', 'drop', 'dropped', ['delete', 'mark-skip']],
  ['CL-49', 'sealed', 'connection-lost', 'sealed', []],
  ['CL-50', 'queued', 'connection-lost', 'queued', []],
  ['CL-51', 'refused', 'connection-lost', 'refused', []],
  ['CL-52', 'sent', 'seal', 'sent', ['refuse-command']],
  ['CL-53', 'queued', 'send', 'queued', ['refuse-command']],
  ['CL-54', 'sent', 'drop', 'sent', ['refuse-command']],
  ['CL-55', 'sealed', 'retry', 'sealed', ['refuse-command']],
  ['CL-56', 'refused', 'accepted', 'refused', []],
  ['CL-57', 'queued', 'refused-later', 'queued', []],
  ['CL-58', 'sealed', 'refused', 'sealed', []],
];

t.test('CL-40 to CL-58 CL-63 CL-64 CL-65 an outbox entry goes by every row of its machine', async (test) => {
  for (const [id, state, event, next, actions] of ROWS) {
    test.match(stepOutboxEntry(state, event), { next, actions }, `${id} ${state} ${event}`);
  }
});

t.test('CL-41 CL-48 CL-54 what may be dropped', async (test) => {
  const may = (['queued', 'sealed', 'sent', 'deferred', 'refused'] as const).filter((state) =>
    takesCommand(state, 'drop'),
  );
  test.same(may, ['queued', 'deferred', 'refused']);
});
