import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { objects, ofType, zerok } from './support/program.ts';
import { pairThrough, startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const TOKEN = 'a-token-of-sixteen-or-more';

t.test('CLI-004 --access-token-file creates a group where that needs a token; without it: exit code 5', async (t) => {
  const relay = await startRelay(`[groups]\ncreation = "token"\naccess_tokens = ["${TOKEN}"]\n`);
  const base = temporaryDirectory();
  const directory = join(base, 'a');
  const create = (address: string) => ['pair', '--create', '--relay', address, '--data-dir', directory];
  const refused = await zerok(create(relay.address));
  t.equal(refused.code, 5, refused.stderr);
  t.match(refused.stderr, /^error: .+\nhint: .+\n$/);
  t.match(refused.stderr, relay.address);
  const path = join(base, 'token');
  writeFileSync(path, `${TOKEN}\n`, { mode: 0o600 });
  const withheld = await zerok([...create(relay.address), '--access-token-file', path]);
  t.equal(withheld.code, 5, 'CL-69');
  t.match(withheld.stderr, /token was not sent.*\nhint: .*<nodeid>@host:port/s);
  const [known] = ofType((await zerok(['relay', 'list', '--json', '--data-dir', directory])).stdout, 'relay');
  const args = create(`${known?.['node_id']}@${relay.address}`);
  const created = await zerok([...args, '--access-token-file', path]);
  t.equal(created.code, 0, created.stderr);
  t.notMatch(created.stdout + created.stderr, TOKEN);
  t.equal((await zerok([...args, '--access-token-file', '-'], TOKEN)).code, 0);
});

t.test(
  'finding/T11 lesson/typed-refusal CL-60 over quota a push stays queued, and the relay is said to be the reason',
  async (t) => {
    const relay = await startRelay('[groups]\nenvelopes_max = 3\n');
    const { a } = await pairThrough(relay);
    t.equal((await zerok(['push', 'fits', '--data-dir', a])).code, 0);
    const full = await zerok(['push', 'does not', '--timeout', '2', '--data-dir', a]);
    t.equal(full.code, 0, full.stderr);
    t.match(full.stdout, /^queued in .* \(1 waiting\); 127\.0\.0\.1:\d+: .*space.*[^.]\n$/);
    const listed = ofType((await zerok(['queue', 'list', '--json', '--data-dir', a])).stdout, 'queued');
    t.equal(listed.length, 1);
    const [{ id } = {}] = listed;
    const status = (args: string[]) => zerok(['status', '--timeout', '2', ...args, '--data-dir', a]);
    const [shown] = objects((await status(['--json'])).stdout);
    t.match(shown, { unsynced: 1, refused: [{ id, code: 2002, error_name: 'GROUP_QUOTA_EXCEEDED' }] }, 'CL-60');
    t.match((await status([])).stdout, new RegExp(`^refused +${id}: .*drop`, 'm'), 'CL-60');
    const retried = await zerok(['queue', 'retry', '--timeout', '2', '--json', '--data-dir', a]);
    t.match(objects(retried.stdout), [{ type: 'retried', sent: 0, left: 1 }]);
  },
);

t.test('CLI-004 --timeout and --relay: an address where nobody listens is named, with exit code 4', async (t) => {
  const relay = await startRelay();
  const { a } = await pairThrough(relay);
  const started = performance.now();
  const nobody = await zerok(['pull', '--relay', '127.0.0.1:9', '--timeout', '0.2', '--data-dir', a]);
  t.equal(nobody.code, 4, nobody.stderr);
  t.match(nobody.stderr, /^error: .*127\.0\.0\.1:9.*\nhint: .+\n$/);
  t.ok(performance.now() - started < 10_000, 'the default would wait longer');
  t.equal((await zerok(['pull', '--data-dir', a])).code, 0, 'it was for that call only');
  const two = await zerok(['pull', '--relay', '127.0.0.1:9', '--relay', relay.address, '--data-dir', a]);
  t.equal(two.code, 2, two.stderr);
});
