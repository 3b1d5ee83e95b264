import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@0k-sync/core/bytes';
import { crypto, random } from '@0k-sync/testkit/crypto';
import type { Behaviour, RelaySettings } from '@0k-sync/testkit/relay';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { faultNamed } from '../../src/planted/relay/faults.ts';
import { faultyAdapter, runHere } from '../support/commands.ts';

const JUDGED = ['--only', 'relay/handshake/hybrid', '--only', 'relay/preface/wrong-magic'];
const NEEDS_A_GROUP = ['--only', 'relay/push/cursors', '--only', 'relay/frame/length-zero'];

async function runOn(
  settings: Partial<RelaySettings> & { readonly behaviour?: Behaviour },
  ...args: readonly string[]
) {
  const { behaviour = {}, ...rest } = settings;
  const relay = new ScriptedRelay({ crypto, random, transport: new QuicTransport(), settings: rest, behaviour });
  const { host, port } = await relay.listen();
  try {
    return await runHere(['relay', '--target', `${host}:${port}`, '--relay', toHex(relay.keys.nodeId), ...args]);
  } finally {
    await relay.stop();
  }
}

t.test('a relay whose groups are closed: 0 when all that could be judged passed, and the rest is named', async (t) => {
  const { exit, stdout, stderr } = await runOn({ creation: 'closed' }, ...JUDGED, ...NEEDS_A_GROUP);
  t.equal(exit, 0, stderr);
  t.match(stderr, /2 pass, 2 unjudged/);
  t.match(stderr, /^2 could not be judged: the relay creates no group for us: give an access token$/m);
  t.match(stdout, /^ok \d+ - relay\/push\/cursors .* # SKIP the relay creates no group/m);
});

t.test('a relay whose groups are closed earns no profile', async (t) => {
  const { exit, stderr } = await runOn({ creation: 'closed' }, ...JUDGED, ...NEEDS_A_GROUP, '--profile', 'core-relay');
  t.equal(exit, 1);
  t.match(stderr, /^profile core-relay: 2 of \d+, missing first relay\//m);
});

t.test('a relay of which nothing could be judged is 5', async (t) => {
  t.equal((await runOn({ creation: 'closed' }, ...NEEDS_A_GROUP)).exit, 5);
});

t.test('a relay of which more could not be judged than passed is not proven', async (t) => {
  const { exit, stdout, stderr } = await runOn(
    { creation: 'closed' },
    ...[...JUDGED.slice(0, 2), ...NEEDS_A_GROUP, '--report', 'html'],
  );
  t.equal(exit, 5, stderr);
  t.match(stderr, /1 pass, 2 unjudged/);
  t.match(stdout, /<span class="bad">not proven</);
});

t.test('conformant is a relay that was judged whole', async (t) => {
  const closed = await runOn({ creation: 'closed' }, ...JUDGED, ...NEEDS_A_GROUP, '--report', 'html');
  t.match(closed.stdout, /<span class="good">no failure, 2 unjudged</);
  t.notMatch(closed.stdout, /conformant</);
  const open = await runOn({ creation: 'open' }, ...JUDGED, '--report', 'html');
  t.match(open.stdout, /<span class="good">conformant</);
});

t.test('a relay that creates groups is judged whole', async (t) => {
  const { exit, stderr } = await runOn({ creation: 'open' }, ...JUDGED, ...NEEDS_A_GROUP);
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
  t.match(stderr, /4 pass, 1 fail/);
});

t.test('a failure at a target comes with the frames that show it, and without the access token', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'frames-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const [bundle, token] = [join(dir, 'bundle'), join(dir, 'token')];
  await writeFile(token, 'open-sesame');
  const behaviour = faultNamed('relay-hides-the-conflict')?.behaviour() ?? {};
  const given = ['--only', 'relay/push/conflict-shows-evidence', '--access-token-file', token, '--bundle', bundle];
  const settings = { creation: 'token', accessToken: 'open-sesame', behaviour } as const;
  const { exit, stderr } = await runOn(settings, ...given);
  t.equal(exit, 1, stderr);
  const log = await readFile(join(bundle, 'relay.push.conflict-shows-evidence', 'zkcp.log'), 'utf8');
  t.match(log, /^→ frame \d+ hello \{"group_id":"[0-9a-f]{32}… \(32 bytes\)".*"access_token":"…"/m);
  t.match(log, /^← frame \d+ hello_ack \{/m);
  t.match(log, /^→ frame \d+ push \{"items":\[/m);
  t.match(log, /^← frame \d+ push_ack \{/m);
  t.notMatch(log, 'open-sesame');
});

t.test('a failure of a client comes with the frames of both ends, and its stderr', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'frames-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const adapter = `echo talkative >&2; ${faultyAdapter('client-duplicates-applied')}`;
  const given = ['--only', 'client/duplicate/in-a-page', '--bundle', dir];
  const { exit, stderr } = await runHere(['client', '--adapter', adapter, ...given]);
  t.equal(exit, 1, stderr);
  const read = (name: string) => readFile(join(dir, 'client.duplicate.in-a-page', name), 'utf8');
  const log = await read('zkcp.log');
  t.match(log, /^→ \{"id":\d+,"cmd":"do"/m);
  t.match(log, /^← frame hello \{/m);
  t.match(log, /^← frame \d+ pull \{/m);
  t.match(log, /^→ frame \d+ page \{/m);
  t.match(await read('stderr.txt'), /^talkative\n/);
});

t.test('the stderr of processes that a scenario starts itself is there too', async (t) => {
  const adapter = `echo talkative >&2; ${faultyAdapter('client-seals-again')}`;
  const { exit, stdout } = await runHere([
    ...['client', '--adapter', adapter, '--only', 'client/durable/sealed-before-sent'],
    ...['--report', 'json'],
  ]);
  t.equal(exit, 1, stdout);
  const failed = JSON.parse(stdout).results.find(({ id }: { id: string }) => id.startsWith('client/'));
  t.ok(failed.stderr.match(/talkative/g).length > 1, failed.stderr);
});
