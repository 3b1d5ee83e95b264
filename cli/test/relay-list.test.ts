import { join } from 'node:path';
import t from 'tap';
import { objects, ofType, zerok } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

async function relaysOf(directory: string) {
  return ofType((await zerok(['relay', 'list', '--json', '--data-dir', directory])).stdout, 'relay');
}

const relay = await startRelay();

t.test('relay add keeps one more, --relay uses it', async (t) => {
  const a = join(temporaryDirectory(), 'a');
  await zerok(['init', '--data-dir', a]);
  const first = await zerok(['relay', 'add', '127.0.0.1:9', '--json', '--data-dir', a]);
  t.match(objects(first.stdout), [{ type: 'relay-added', relay: '127.0.0.1:9', used: true }]);
  t.match(objects((await zerok(['relay', 'add', relay.address, '--json', '--data-dir', a])).stdout), [{ used: false }]);
  const known = await zerok(['relay', 'add', relay.address, '--data-dir', a]);
  t.equal(known.code, 1);
  t.match(known.stderr, /known already\nhint: .*relay trust/);
  t.match(await relaysOf(a), [
    { relay: '127.0.0.1:9', used: true },
    { relay: relay.address, used: false },
  ]);
  const unreachable = await zerok(['pair', '--create', '--timeout', '0.5', '--data-dir', a]);
  t.equal(unreachable.code, 4, unreachable.stderr);
  t.match(unreachable.stderr, '127.0.0.1:9');
  t.equal((await zerok(['pair', '--create', '--relay', relay.address, '--data-dir', a])).code, 0);
  const wrong = await zerok(['relay', 'add', 'not a relay', '--data-dir', a]);
  t.equal(wrong.code, 2);
});
