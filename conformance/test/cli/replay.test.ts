import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { faultyAdapter, REFERENCE, runHere } from '../support/commands.ts';

async function directory(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'replay-'));
  t.teardown(() => rm(dir, { recursive: true }));
  return dir;
}

/** Replays a file that says so. */
async function replay(t: Test, members: object) {
  const path = join(await directory(t), 'replay.json');
  const head = {
    schema: '0k-conformance/replay/1',
    level: 'client',
    seed: 'abc',
    repeat: 'x',
    tests: [],
    requests: [],
  };
  await writeFile(path, JSON.stringify({ ...head, ...members }));
  return runHere(['replay', path, '--adapter', REFERENCE]);
}

t.test('5: a file whose tests do not exist replays nothing', async (t) => {
  const tests = [
    { id: 'client/no/such-test', verdict: 'pass' },
    { id: 'zkcp/unknown-op', verdict: 'pass' },
  ];
  const { exit, stderr } = await replay(t, { tests });
  t.equal(exit, 5);
  t.match(stderr, /^error: none of the recorded tests is one of the level client\nhint: .*list --level client\n$/);
});

t.test('a recorded test that does not exist is a difference, one that was not recorded is none', async (t) => {
  // The reference's pure functions claim no client.
  const known = { id: 'client/identity/hybrid', verdict: 'unsupported' };
  const same = await replay(t, { tests: [known] });
  t.equal(same.exit, 0, same.stdout);
  t.equal(same.stdout, 'same client/identity/hybrid: unsupported\n');
  const missing = await replay(t, { tests: [known, { id: 'client/no/such-test', verdict: 'pass' }] });
  t.equal(missing.exit, 1);
  t.match(missing.stdout, /^differs client\/no\/such-test: no such test, recorded pass$/m);
  t.match(missing.stderr, /2 tests, 1 judged differently/);
});

t.test('2: every entry of the file is looked at before anything is asked', async (t) => {
  const request = { test: 'text/padme/nine', cmd: 'eval', members: {} };
  for (const members of [
    { requests: [{}] },
    { requests: [null] },
    { requests: [request, { ...request, cmd: 'bye' }] },
    { requests: [{ ...request, answer: { ok: {}, reject: { class: 'frame.parse' } } }] },
    { requests: [{ ...request, answer: { ok: [] } }] },
    { tests: [{ id: 'text/padme/nine' }] },
    { tests: ['text/padme/nine'] },
  ]) {
    const { exit, stderr } = await replay(t, { level: 'vectors', ...members });
    t.equal(exit, 2, JSON.stringify(members));
    t.match(stderr, /^error: entry \d of (?:tests|requests) in .* is not \{.*\}\nhint: .+\n$/);
  }
});

t.test('a failure of a relay is replayed from its bundle', async (t) => {
  const dir = await directory(t);
  const faulty = faultyAdapter('relay-hides-the-conflict');
  const only = ['--only', 'relay/push/conflict-shows-evidence'];
  const failed = await runHere(['relay', '--adapter', faulty, ...only, '--bundle', dir]);
  t.equal(failed.exit, 1, failed.stderr);
  const [name = ''] = await readdir(dir);
  const again = await runHere(['replay', join(dir, name, 'replay.json'), '--adapter', faulty]);
  t.equal(again.exit, 0, again.stdout);
  t.equal(again.stdout, 'same relay/push/conflict-shows-evidence: fail\n');
});
