import { toHex } from '@0k-sync/core/bytes';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { crypto, random } from '../../src/kit/crypto.ts';
import { KitRelay } from '../../src/kit/relay/relay.ts';
import { cacheCompiledCode, faultyAdapter, runHere } from '../support/commands.ts';

cacheCompiledCode(t);

const JUDGED = ['--only', 'relay/handshake/hybrid', '--only', 'relay/preface/wrong-magic'];
const NEEDS_A_GROUP = ['--only', 'relay/push/cursors', '--only', 'relay/frame/length-zero'];

async function runOn(creation: 'closed' | 'open', ...args: readonly string[]) {
  const relay = new KitRelay({ crypto, random, transport: new QuicTransport(), settings: { creation } });
  const { host, port } = await relay.listen();
  try {
    return await runHere(['relay', '--target', `${host}:${port}`, '--relay', toHex(relay.keys.nodeId), ...args]);
  } finally {
    await relay.stop();
  }
}

t.test('a relay whose groups are closed: 0 when all that could be judged passed, and the rest is named', async (t) => {
  const { exit, stdout, stderr } = await runOn('closed', ...JUDGED, ...NEEDS_A_GROUP);
  t.equal(exit, 0, stderr);
  t.match(stderr, /2 pass, 2 unjudged/);
  t.match(stderr, /^2 could not be judged: the relay creates no group for us: give an access token$/m);
  t.match(stdout, /^ok \d+ - relay\/push\/cursors .* # SKIP the relay creates no group/m);
});

t.test('a relay whose groups are closed earns no profile', async (t) => {
  const { exit, stderr } = await runOn('closed', ...JUDGED, ...NEEDS_A_GROUP, '--profile', 'core-relay');
  t.equal(exit, 1);
  t.match(stderr, /^profile core-relay: 2 of \d+, missing first relay\//m);
});

t.test('a relay of which nothing could be judged is 5', async (t) => {
  t.equal((await runOn('closed', ...NEEDS_A_GROUP)).exit, 5);
});

t.test('a relay that creates groups is judged whole', async (t) => {
  const { exit, stderr } = await runOn('open', ...JUDGED, ...NEEDS_A_GROUP);
  t.equal(exit, 0, stderr);
  t.match(stderr, /: 4 pass$/m);
  t.notMatch(stderr, /could not be judged/);
});

t.test('a faulty relay, as a process, is found', async (t) => {
  const adapter = faultyAdapter('relay-hides-the-conflict');
  const { exit, stderr } = await runHere([
    'relay',
    '--adapter',
    adapter,
    '--only',
    'relay/push/conflict-shows-evidence',
  ]);
  t.equal(exit, 1, stderr);
  t.match(stderr, /3 pass, 1 fail/);
});
