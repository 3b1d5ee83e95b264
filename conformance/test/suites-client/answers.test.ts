import t from 'tap';
import { Failed } from '../../src/model.ts';
import { Client } from '../../src/suites/client/client.ts';
import type { Adapter, Answer } from '../../src/zkcp/adapter.ts';

/** A client whose actions all get one answer. */
function clientThat(answer: Answer): Promise<Client> {
  const ask = async (command: string) => (command === 'open' ? { ok: { handle: 'one' } } : answer);
  return Client.open({ ask } as unknown as Adapter, '/nowhere');
}

async function failureOf(work: Promise<unknown>): Promise<Failed> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof Failed) return failure;
  throw new TypeError('no failure');
}

t.test('an expectation about an action names it', async (t) => {
  const done = await clientThat({ ok: { messages: [] } });
  const failure = await failureOf(done.rejects('pull', ['cursor.gap', 'cursor.regress']));
  t.equal(failure.message, 'pull: expected reject cursor.gap or cursor.regress, got ok {"messages":[]}');
  t.equal(failure.expected, 'pull: reject cursor.gap or cursor.regress');
  const refused = await clientThat({ reject: { class: 'session.unauthorized', code: 1002 } });
  const other = await failureOf(refused.act('connect'));
  t.equal(other.message, 'connect: expected ok, got reject session.unauthorized 1002');
});

t.test('messages that are not the expected ones come with what the client reported', async (t) => {
  const events = [
    { type: 'rejected', class: 'envelope.auth' },
    { type: 'disconnected', code: 1041 },
  ];
  const message = { sender: '00'.repeat(32), id: '00'.repeat(16), text: 'one' };
  const client = await clientThat({ ok: { messages: [message], events } });
  const failure = await failureOf(client.expectDelivered(['one', 'two']));
  t.equal(failure.actual, '["one"]; events: rejected envelope.auth, disconnected 1041');
});
