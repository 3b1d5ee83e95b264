import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { brokenAdapter, FIXTURE_VECTORS, faultyAdapter, REFERENCE, runHere } from '../support/commands.ts';

const FIXTURES = ['--vectors', FIXTURE_VECTORS];
const vectors = (adapter: string, ...rest: string[]) =>
  runHere(['vectors', ...FIXTURES, '--adapter', adapter, ...rest]);

async function directory(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'conformance-'));
  t.teardown(() => rm(dir, { recursive: true }));
  return dir;
}

t.test('0: a conformant adapter; TAP on stdout, the sum and the seed for people', async (t) => {
  const { exit, stdout, stderr } = await vectors(REFERENCE, '--seed', 'abc');
  t.equal(exit, 0, stderr);
  t.match(stdout, /^TAP version 14\n1\.\.12\n/);
  t.match(stderr, /planned 12 = 12 pass; seed abc/);
  t.match(stderr, /profile vectors: 11 of 11/);
});

t.test('1: failures, each with its requirement and the command that repeats it', async (t) => {
  const dir = await directory(t);
  const reports = ['tap', 'junit', 'ndjson', 'json', 'markdown', 'html'].flatMap((format) => [
    '--report',
    `${format}=${join(dir, format)}`,
  ]);
  const given = ['--bundle', join(dir, 'bundle'), ...reports, '--quiet'];
  const { exit, stdout, stderr } = await vectors(faultyAdapter('wrong-answer'), ...given);
  t.equal(exit, 1, stderr);
  t.equal(stdout, '');
  t.match(stderr, /^start with text\/blake3\/empty$/m);
  t.strictSame((await readdir(dir)).sort(), ['bundle', 'html', 'json', 'junit', 'markdown', 'ndjson', 'tap']);
  const { results } = JSON.parse(await readFile(join(dir, 'json'), 'utf8'));
  const [failed] = results.filter(({ verdict }: { verdict: string }) => verdict === 'fail');
  t.match(failed, {
    id: 'text/blake3/empty',
    expected: /^ok.hash = /,
    actual: /^ok.hash = /,
    repeat: /0k-conformance vectors --adapter/,
  });

  t.test('the replay file of the bundle shows the failure again, and that it is gone elsewhere', async (t) => {
    const [name = ''] = await readdir(join(dir, 'bundle'));
    const file = join(dir, 'bundle', name, 'replay.json');
    const fixed = await runHere(['replay', file, '--adapter', REFERENCE]);
    t.equal(fixed.exit, 1);
    t.match(fixed.stdout, /^differs text\/blake3\/empty/);
  });
});

t.test('answers of 15 MB are told and bundled in a few kilobytes each', async (t) => {
  const dir = await directory(t);
  const bundle = join(dir, 'bundle');
  const given = ['--only', 'text/padme/*', '--quiet', '--report', `json=${join(dir, 'json')}`, '--bundle', bundle];
  const { exit, stderr } = await vectors(brokenAdapter('huge-answer'), ...given);
  t.equal(exit, 1, stderr);
  t.ok((await readFile(join(dir, 'json'))).length < 1_000_000);
  const replay = JSON.parse(await readFile(join(bundle, 'text.padme.nine', 'replay.json'), 'utf8'));
  t.match(replay, { tests: [{ verdict: 'fail' }], requests: [] }, 'what is cut is not asked again');
});

t.test('a bundle of an answer that is nested too deep to be written again', async (t) => {
  const bundle = join(await directory(t), 'bundle');
  const { exit, stderr } = await vectors(brokenAdapter('deep'), '--only', 'text/padme/*', '--bundle', bundle);
  t.equal(exit, 1, stderr);
  t.ok((await readdir(bundle)).includes('text.padme.nine'));
});

t.test('known failures: excused, stale, and what is no such file', async (t) => {
  const path = join(await directory(t), 'known.json');
  const entry = { id: 'zkcp/unknown-op', reason: 'ok', issue: 'https://issues.example/1', expires: '2999-12-31' };
  await writeFile(path, JSON.stringify({ known: [entry] }));
  const excused = await vectors(faultyAdapter('answers-unknown-ops'), '--known-failures', path);
  t.equal(excused.exit, 0, excused.stderr);
  t.match(excused.stdout, /not ok \d+ - zkcp\/unknown-op .* # TODO https:\/\/issues.example\/1/);
  t.notMatch(excused.stderr, /profile vectors: (\d+) of \1\b/, 'what is excused earns no badge');
  const stale = await vectors(REFERENCE, '--known-failures', path);
  t.equal(stale.exit, 1);
  t.match(stale.stderr, /known failures: zkcp\/unknown-op is stale/);
  const missing = await vectors(REFERENCE, '--known-failures', `${path}.missing`);
  t.equal(missing.exit, 2);
});

t.test(
  'a known failure of a vector is excused by what was expected, and one of another reason is no secret',
  async (t) => {
    const path = join(await directory(t), 'known.json');
    const entry = { id: 'text/blake3/empty', issue: 'https://issues.example/1', expires: '2999-12-31' };
    const run = async (reason: string) => {
      await writeFile(path, JSON.stringify({ known: [{ ...entry, reason }] }));
      return vectors(faultyAdapter('wrong-answer'), '--only', 'text/**', '--known-failures', path);
    };
    const excused = await run('expected: ok.hash');
    t.equal(excused.exit, 0, excused.stderr);
    t.match(excused.stdout, /verdict: known-failure/);
    const other = await run('a crash');
    t.equal(other.exit, 1);
    t.match(
      other.stderr,
      /known failures: text\/blake3\/empty has another reason: \/a crash\/ is not found in: fail: ok/,
    );
  },
);

t.test('a command that repeats a failure does so, with all that it depends on', async (t) => {
  const path = join(await directory(t), 'json');
  const repeatsOf = async (fault: string, ...rest: string[]) => {
    const { exit } = await vectors(faultyAdapter(fault), '--report', `json=${path}`, '--seed', 'abc', ...rest);
    t.equal(exit, 1);
    const { results } = JSON.parse(await readFile(path, 'utf8')) as { results: { id: string; repeat?: string }[] };
    return Object.fromEntries(results.flatMap(({ id, repeat }) => (repeat ? [[id, repeat]] : [])));
  };
  const wrong = await repeatsOf('wrong-answer', '--deadline', '20000');
  const options = `${FIXTURES.join(' ')} --deadline 20000 --only text/blake3/empty --seed abc`;
  t.match(wrong['text/blake3/empty'] ?? '', new RegExp(`${options}$`));
  const unknown = await repeatsOf('answers-unknown-ops', '--only', 'text/padme/*');
  const command = unknown['zkcp/unknown-op'] ?? '';
  t.ok(command.endsWith(`${FIXTURES.join(' ')} --only 'text/padme/*' --seed abc`), command);
  const program = `${process.execPath} ${fileURLToPath(new URL('../../bin/0k-conformance.js', import.meta.url))}`;
  const again = spawnSync('/bin/sh', ['-c', command.replace('0k-conformance', program)], { encoding: 'utf8' });
  t.equal(again.status, 1, again.stderr);
  t.match(again.stdout, /^not ok \d+ - zkcp\/unknown-op/m);
});

t.test('5: nothing selected, nothing proven, a profile without tests', async (t) => {
  const unknown = await vectors(REFERENCE, '--only', 'text/nodeid/shrt');
  t.equal(unknown.exit, 5);
  t.match(unknown.stderr, /error: no test .* is or matches text\/nodeid\/shrt\nhint: perhaps text\/nodeid\//);
  const ofAdapter = await vectors(REFERENCE, '--only', 'zkcp/unknown-op');
  t.equal(ofAdapter.exit, 5);
  t.match(ofAdapter.stderr, /zkcp\/unknown-op cannot be selected\nhint: the tests zkcp\/\* are part of every run/);
  const nothing = await vectors(brokenAdapter('unsupported'), '--only', 'text/blake3/*');
  t.equal(nothing.exit, 5, nothing.stderr);
  t.match(nothing.stderr, /1 unsupported/);
  for (const profile of ['revocation', 'content', 'multi-relay', 'core-relay']) {
    const absent = await vectors(REFERENCE, '--profile', profile);
    t.equal(absent.exit, 5, profile);
    t.match(absent.stderr, new RegExp(`the profile ${profile} has no tests at the level vectors`));
  }
});

t.test('a profile is demanded as a whole', async (t) => {
  const full = await vectors(REFERENCE, '--profile', 'vectors');
  t.equal(full.exit, 0, full.stderr);
  const part = await vectors(REFERENCE, '--profile', 'vectors', '--only', 'text/padme/*');
  t.equal(part.exit, 1, 'a part of it is no badge');
  t.match(part.stderr, /profile vectors: 5 of 11, missing first/);
});

t.test('2: what cannot be read or written is said before the run', async (t) => {
  const dir = await directory(t);
  const broken = join(dir, 'known.json');
  await writeFile(broken, '{');
  await writeFile(join(dir, 'file'), '');
  for (const given of [
    ['--report', 'junit=/nonexistent/x.xml', '--report', `json=${join(dir, 'later.json')}`],
    ['--report', `json=${dir}`],
    ['--bundle', join(dir, 'file')],
    ['--known-failures', broken],
  ]) {
    // No adapter at all: had the run begun, it would be 3.
    const { exit, stdout, stderr } = await vectors('/nonexistent/adapter', ...given);
    t.equal(exit, 2, given.join(' '));
    t.match(stderr, /^error: .+\nhint: .+\n$/);
    t.equal(stdout, '');
  }
  t.strictSame((await readdir(dir)).sort(), ['file', 'known.json'], 'nothing is made on the way');
});

t.test('2: a bundle of an earlier run is not added to', async (t) => {
  const dir = join(await directory(t), 'bundle');
  const first = await vectors(faultyAdapter('wrong-answer'), '--bundle', dir);
  t.equal(first.exit, 1, first.stderr);
  const again = await vectors(REFERENCE, '--bundle', dir);
  t.equal(again.exit, 2);
  t.match(again.stderr, /^error: .* is not empty, .*\nhint: remove it, or name another directory\n$/);
});

t.test('3: a report that is lost behind the run costs neither the others nor the summary', async (t) => {
  const later = join(await directory(t), 'later.json');
  // It can be opened and never written.
  const { exit, stderr } = await vectors(REFERENCE, '--report', 'junit=/dev/full', '--report', `json=${later}`);
  t.equal(exit, 3);
  t.match(stderr, /planned 12 = 12 pass/);
  t.match(stderr, /^error: the report cannot be written: .*ENOSPC.*\nhint: /m);
  t.match(JSON.parse(await readFile(later, 'utf8')), { exit: 0, planned: 12 });
});

t.test('what an adapter calls itself is nothing but a name', async (t) => {
  const { exit, stdout, stderr } = await vectors(
    `${REFERENCE} "$(printf 'evil\\nok 999 - forged\\nBail out!\\033[31m')"`,
    '--seed',
    'a\nok 998',
  );
  t.equal(exit, 0, stderr);
  for (const text of [stdout, stderr]) {
    t.notMatch(text, /^(?:ok 99|Bail out)/m);
    t.notMatch(text, /\p{Cc}\[31m/u);
  }
  t.match(stderr, /^vectors of evil ok 999 - forged Bail out!/m);
});
