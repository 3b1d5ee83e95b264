import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { cacheCompiledCode, FIXTURE_VECTORS, faultyAdapter, REFERENCE, runHere } from '../support/commands.ts';

cacheCompiledCode(t);

const FIXTURES = ['--vectors', FIXTURE_VECTORS];

t.test('doctor goes step by step, with a hint for what does not hold', async (t) => {
  const sound = await runHere(['doctor', '--adapter', REFERENCE, ...FIXTURES]);
  t.equal(sound.exit, 0, sound.stdout);
  t.match(sound.stdout, /^ok hello: 0k-sync .*\nok ping\nok zkcp\/unknown-op\n/);
  const sick = await runHere(['doctor', '--adapter', faultyAdapter('rejects-everything'), ...FIXTURES]);
  t.equal(sick.exit, 3);
  t.match(
    sick.stdout,
    /fail text\/nodeid\/hexadecimal\n {2}expected: .*\n {2}actual: reject frame.parse.*\n {2}hint: run: 0k-conformance explain/,
  );
});

t.test('what record keeps, replay asks again', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'record-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const file = join(dir, 'run.json');
  const recorded = await runHere(['record', '--adapter', REFERENCE, '-o', file, ...FIXTURES]);
  t.equal(recorded.exit, 0, recorded.stderr);
  t.match(recorded.stderr, /9 requests of 11 tests/);
  const same = await runHere(['replay', file, '--adapter', REFERENCE]);
  t.equal(same.exit, 0, same.stdout);
  const other = await runHere(['replay', file, '--adapter', faultyAdapter('wrong-answer')]);
  t.equal(other.exit, 1);
  t.match(other.stdout, /^differs text\/blake3\/empty$/m);
});
