import t from 'tap';
import type { TestInfo } from '../../src/model.ts';
import { execute, executeAlone } from '../../src/run/execute.ts';
import { shellCommand } from '../../src/run/shell.ts';
import { AdapterSupply } from '../../src/run/supply.ts';
import { runVectors } from '../../src/run/vectors.ts';
import { AdapterFailure } from '../../src/zkcp/adapter.ts';
import { brokenAdapter, faultyAdapter, REFERENCE } from '../support/commands.ts';
import { having, vectors, verdictsOf } from '../support/verdicts.ts';

// A hang is found by waiting.
t.setTimeout(120_000);

const NEGATIVES = ['text/nodeid/empty', 'text/nodeid/short', 'text/preface/wrong-magic'];
const IDS = vectors.tests.map(({ id }) => id);

t.test('a sound adapter passes everything', async (t) => {
  const verdicts = await verdictsOf(t, REFERENCE);
  t.equal(having(verdicts, 'pass').length, IDS.length + 4);
});

t.test('a crash falls on its culprits alone; everything else has its verdict', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('crashes-instead-of-rejecting'));
  t.strictSame(having(verdicts, 'crash'), NEGATIVES);
  t.equal(having(verdicts, 'pass').length, IDS.length + 1);
});

t.test('a crash behind a refusal is found by the ping', async (t) => {
  t.strictSame(having(await verdictsOf(t, faultyAdapter('breaks-after-refusing')), 'crash'), NEGATIVES);
});

t.test('who refuses everything proves nothing', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('rejects-everything'));
  t.strictSame(having(verdicts, 'fail'), IDS.filter((id) => !NEGATIVES.includes(id)).sort());
  t.strictSame(having(verdicts, 'unproven'), NEGATIVES);
});

t.test('an exit with 0 in between is nobody’s and yet counted', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('exits-early'));
  t.strictSame(having(verdicts, 'early-exit'), ['zkcp/attributable']);
});

for (const concurrency of [1, 4]) {
  t.test(`a crash that an earlier request brings about falls on nobody, ${concurrency} at once`, async (t) => {
    const tests = ['cause', 'victim', 'other'].map((id) => ({
      id,
      title: '',
      level: 'must' as const,
      requirements: [],
      requires: [],
    }));
    const times = { deadlineMs: 20_000, startDeadlineMs: 60_000 };
    const supply = await AdapterSupply.start(shellCommand(brokenAdapter('late-crash')), times, 10);
    const results = await execute<TestInfo>(tests, {
      supply,
      ...times,
      concurrency,
      attempt: async ({ id }, adapter, log) => {
        await adapter.ask('eval', { op: id }, times.deadlineMs, log);
        return { verdict: 'pass' };
      },
    });
    t.strictSame(
      results.map(({ verdict }) => verdict),
      ['pass', 'pass', 'pass'],
    );
    t.ok(supply.stray.length > 0);
    for (const { failure } of supply.stray) t.match(failure, { kind: 'crash', exitCode: 7 });
    await supply.stop();
  });
}

t.test('noise and double answers are protocol', async (t) => {
  for (const fault of ['noise-on-stdout', 'duplicate-answer']) {
    const verdicts = await verdictsOf(t, faultyAdapter(fault), { only: ['text/padme/*'] });
    t.strictSame(
      having(verdicts, 'protocol'),
      ['text/padme/nine', 'text/padme/one-thousand', 'zkcp/bye', 'zkcp/unknown-op'],
      fault,
    );
  }
});

t.test('an answer from a cache, an unknown op, a claim without an op', async (t) => {
  t.equal(having(await verdictsOf(t, faultyAdapter('cached-answer')), 'fail').length, 1);
  t.strictSame(having(await verdictsOf(t, faultyAdapter('answers-unknown-ops')), 'fail'), ['zkcp/unknown-op']);
  const lacking = await verdictsOf(t, brokenAdapter('unsupported'), { only: ['text/padme/*', 'text/blake3/*'] });
  t.equal(lacking['text/padme/nine'], 'fail', 'claimed and unsupported');
  t.equal(lacking['text/blake3/empty'], 'unsupported', 'disclaimed and unsupported');
});

t.test('how an adapter goes after bye is judged', async (t) => {
  for (const [mode, verdict, actual] of [
    ['bye-crash', 'crash', /exited with 11/],
    ['bye-silent', 'early-exit', /exited with 0/],
    ['bye-refused', 'protocol', /bye is answered with .*error/],
    ['bye-stays', 'hang', /no exit within 15000 ms of bye/],
  ] as const) {
    const options = { only: ['text/padme/nine'], seed: '', deadlineMs: 20_000, startDeadlineMs: 60_000 };
    const { results } = await runVectors(vectors, { ...options, adapter: brokenAdapter(mode) });
    t.match(
      results.find(({ test }) => test.id === 'zkcp/bye'),
      { verdict, actual, expected: 'an answer to bye and an exit with 0' },
      mode,
    );
  }
});

t.test('what is disclaimed and works is a warning, and no pass', async (t) => {
  const options = {
    adapter: faultyAdapter('disclaims-and-works'),
    only: ['text/blake3/*'],
    seed: '',
    deadlineMs: 20_000,
    startDeadlineMs: 60_000,
  };
  const { results } = await runVectors(vectors, options);
  const result = results.find(({ test }) => test.id === 'text/blake3/empty');
  t.match(result, { verdict: 'unsupported', warning: /hash.blake3 is disclaimed in hello, but works/ });
  t.match(
    results.find(({ test }) => test.id === 'zkcp/profiles'),
    { verdict: 'fail', actual: /hash.blake3 is disclaimed/ },
  );
});

t.test('an error that nobody meant to throw fails one test, and says what it was', async (t) => {
  const [broken, sound] = vectors.tests;
  const tests: TestInfo[] = [broken, sound].filter((test) => test !== undefined);
  const results = await executeAlone(tests, 1, async (test) => {
    if (test === broken) throw new RangeError('too deep');
    return { verdict: 'pass' };
  });
  t.match(results, [
    { verdict: 'fail', expected: /come to its end/, actual: 'RangeError: too deep', detail: /execute.test/ },
    { verdict: 'pass' },
  ]);
});

t.test('an answer that cannot be shown fails its test alone', async (t) => {
  const verdicts = await verdictsOf(t, brokenAdapter('deep'), { only: ['text/padme/*'] });
  t.strictSame(having(verdicts, 'fail'), ['text/padme/nine', 'text/padme/one-thousand', 'zkcp/unknown-op']);
});

t.test('what is nobody’s is told also when the restarts are used up', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('exits-early'), { restarts: 0 });
  t.strictSame(having(verdicts, 'early-exit'), ['zkcp/attributable']);
  t.ok(having(verdicts, 'not-run').includes('zkcp/bye'));
});

t.test('when the restarts are used up, the rest is not-run', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('crashes-instead-of-rejecting'), { restarts: 1 });
  t.ok(having(verdicts, 'not-run').length > 0);
});

t.test('an adapter that does not say hello fails the whole run', async (t) => {
  await t.rejects(verdictsOf(t, 'true'), AdapterFailure);
  await t.rejects(verdictsOf(t, brokenAdapter('no-toolchain')), /exited with 3/);
});
