import t from 'tap';
import { Failed } from '../../src/model.ts';
import { Client } from '../../src/suites/client/client.ts';
import type { Adapter, Members } from '../../src/zkcp/adapter.ts';

const KEY = 'ab'.repeat(32);
const MESSAGE = { sender: KEY, id: 'cd'.repeat(16), text: 'hello' };

/** A client whose adapter answers everything but `open` with the same. */
function answering(ok: Members): Promise<Client> {
  const ask = async (cmd: string) => ({ ok: cmd === 'open' ? { handle: 'one' } : ok });
  return Client.open({ ask } as unknown as Adapter, '');
}

async function complaint(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was taken'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof Failed)) throw new Error('no verdict', { cause: error });
  return error.message;
}

t.test('results of the form that ZKCP gives are taken', async (t) => {
  const event = { type: 'gap', sender: KEY, from: '2', to: '3' };
  const client = await answering({
    messages: [MESSAGE, { sender: KEY, id: MESSAGE.id, data: '00ff', cursor: '7' }],
    events: [event, { type: 'rolled-back' }, { type: 'disconnected' }, { type: 'of our own' }],
    cursor: '7',
    status: { connected: true, unsynced: 0 },
  });
  t.equal((await client.pull()).length, 2);
  t.equal((await client.messages()).length, 2);
  t.same(await client.events('gap'), [event]);
  t.equal(await client.cursor(), '7');
  t.equal(await client.unsynced(), 0);
});

const malformed: readonly [Members, (client: Client) => Promise<unknown>, string][] = [
  [{}, (client) => client.pull(), 'pull: messages: expected a list, got nothing'],
  [{ messages: [] }, (client) => client.pull(), 'pull: cursor: expected a decimal number in a string, got nothing'],
  [
    { messages: [], cursor: 7 },
    (client) => client.pull(),
    'pull: cursor: expected a decimal number in a string, got 7',
  ],
  [{}, (client) => client.messages(), 'observe: messages: expected a list, got nothing'],
  [{ messages: [7] }, (client) => client.messages(), 'observe: messages[0]: expected an object, got 7'],
  [
    { messages: [MESSAGE, { ...MESSAGE, sender: 'me' }] },
    (client) => client.messages(),
    'observe: messages[1]: sender: expected 32 bytes in lowercase hexadecimal, got "me"',
  ],
  [
    { messages: [{ sender: KEY, id: MESSAGE.id }] },
    (client) => client.messages(),
    'observe: messages[0]: expected one of text and data, got ',
  ],
  [{ events: [{}] }, (client) => client.events(), 'observe: events[0]: type: expected a text, got nothing'],
  [
    { events: [{ type: 'gap', sender: KEY, from: 1, to: 2 }] },
    (client) => client.events(),
    'observe: events[0], gap: from: expected a decimal number in a string, got 1',
  ],
  [{}, (client) => client.cursor(), 'observe: cursor: expected a decimal number in a string, got nothing'],
  [{}, (client) => client.unsynced(), 'observe: status: expected an object, got nothing'],
  [{ group_id: KEY }, (client) => client.act('pair_create'), 'pair_create: invite: expected a text, got nothing'],
  [{ id: 'x' }, (client) => client.act('push'), 'push: id: expected 16 bytes in lowercase hexadecimal, got "x"'],
];

for (const [ok, work, expected] of malformed) {
  t.test(`what is wrong with a result is said: ${expected}`, async (t) => {
    const message = await complaint(work(await answering(ok)));
    t.ok(message.startsWith(expected), message);
  });
}
