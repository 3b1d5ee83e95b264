import t from 'tap';
import { contents, objects, ofType, zerok } from './support/program.ts';
import { pairThrough, startRelay } from './support/relay.ts';

const relay = await startRelay();

t.test('lesson/outbox-durable offline a push is queued on disk, says so, and is delivered once', async (t) => {
  const { a, b } = await pairThrough(relay);
  await relay.kill();
  const text = await zerok(['push', 'one', '--timeout', '0.5', '--data-dir', a]);
  t.equal(text.code, 0, text.stderr);
  t.match(text.stdout, `queued in ${a} (1 waiting)`);
  const json = await zerok(['push', 'two', '--timeout', '0.5', '--json', '--data-dir', a]);
  t.match(objects(json.stdout), [{ type: 'pushed', state: 'queued', directory: a, unsynced: 2 }]);
  const listed = ofType((await zerok(['queue', 'list', '--json', '--data-dir', a])).stdout, 'queued');
  t.equal(listed.length, 2, 'what is said to be queued is there in the next process');
  t.equal(listed[1]?.['id'], objects(json.stdout)[0]?.['id']);
  const pulled = await zerok(['pull', '--timeout', '0.5', '--data-dir', b]);
  t.equal(pulled.code, 4);
  t.match(pulled.stderr, relay.address, 'E the error names the relay');
  await relay.restart();
  const retried = await zerok(['queue', 'retry', '--json', '--data-dir', a]);
  t.match(objects(retried.stdout), [{ type: 'retried', sent: 2, left: 0 }]);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), ['one', 'two']);
  t.strictSame(ofType((await zerok(['queue', 'list', '--json', '--data-dir', a])).stdout, 'queued'), []);
});

t.test('CLI-004 --queue-only stores without a relay; the next pull sends it', async (t) => {
  const { a, b } = await pairThrough(relay);
  const queued = await zerok(['push', '--queue-only', 'later', '--json', '--data-dir', a]);
  t.match(objects(queued.stdout), [{ type: 'pushed', state: 'queued', unsynced: 1 }]);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), []);
  t.equal((await zerok(['pull', '--data-dir', a])).code, 0);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), ['later']);
});

t.test('queue drop deletes what never left; unknown ids are refused', async (t) => {
  const { a, b } = await pairThrough(relay);
  const queued = await zerok(['push', '--queue-only', 'secret', '--json', '--data-dir', a]);
  const id = String(objects(queued.stdout)[0]?.['id']);
  const dropped = await zerok(['queue', 'drop', id, '--json', '--data-dir', a]);
  t.match(objects(dropped.stdout), [{ type: 'dropped', id }]);
  t.equal((await zerok(['push', 'kept', '--data-dir', a])).code, 0);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), ['kept']);
  const unknown = await zerok(['queue', 'drop', id, '--data-dir', a]);
  t.equal(unknown.code, 2, unknown.stderr);
  t.match(unknown.stderr, /no message/);
});
