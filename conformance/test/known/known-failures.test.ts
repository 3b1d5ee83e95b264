import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { applyKnownFailures, type KnownFailure, loadKnownFailures } from '../../src/known/known-failures.ts';
import type { Verdict } from '../../src/model.ts';
import { exitCodes } from '../../src/run/exit.ts';
import { resultOf } from '../../src/run/result.ts';

const TODAY = '2026-06-15';

function result(id: string, verdict: Verdict, actual = 'reject frame.parse') {
  return resultOf({ id, title: '', level: 'must', requirements: [], requires: [] }, { verdict, actual });
}

function entry(change: Partial<KnownFailure> = {}): KnownFailure {
  return { id: 'a/b/c', reason: 'frame\\.parse', issue: 'https://issues.example/1', expires: '2026-12-31', ...change };
}

t.test('a failure that is known is excused, with its issue', async (t) => {
  const { results, complaints } = applyKnownFailures([result('a/b/c', 'fail')], [entry()], TODAY);
  t.strictSame(complaints, []);
  t.match(results, [
    { verdict: 'known-failure', issue: 'https://issues.example/1', actual: 'fail: reject frame.parse' },
  ]);
});

t.test('the reason may quote what was expected, as every level prints it', async (t) => {
  const test = { id: 'a/b/c', title: '', level: 'must' as const, requirements: [], requires: [] };
  const byVectors = resultOf(test, { verdict: 'fail', expected: 'ok.len = 10', actual: 'ok.len = 11' });
  const byScenario = resultOf(test, {
    verdict: 'fail',
    expected: '10',
    actual: '11',
    detail: 'the length: expected 10, got 11',
  });
  for (const [failed, reason] of [
    [byVectors, 'ok\\.len = 10'],
    [byVectors, '^expected: ok'],
    [byScenario, 'expected 10'],
  ] as const) {
    const { results, complaints } = applyKnownFailures([failed], [entry({ reason })], TODAY);
    t.strictSame(complaints, [], reason);
    t.match(results, [{ verdict: 'known-failure' }], reason);
  }
});

t.test('a crash can be known too', async (t) => {
  const { results } = applyKnownFailures(
    [result('a/b/c', 'crash', 'crash: exited with 1')],
    [entry({ reason: '^crash' })],
    TODAY,
  );
  t.match(results, [{ verdict: 'known-failure', excused: 'crash' }]);
});

const COMPLAINTS = {
  'of another reason': [
    [result('a/b/c', 'fail')],
    entry({ reason: 'crash' }),
    /a\/b\/c has another reason: \/crash\/ is not found in: fail: reject frame\.parse/,
  ],
  stale: [[result('a/b/c', 'pass')], entry(), /is stale: a\/b\/c passes/],
  unmatched: [[result('x/y/z', 'fail')], entry(), /matches no test/],
  expired: [[result('a/b/c', 'fail')], entry({ expires: '2026-06-14' }), /expired on 2026-06-14/],
  'too narrow': [[result('a/b/c', 'fail')], entry({ matches: 2 }), /matches 1 tests, not 2/],
  'too wide': [
    [result('a/b/c', 'fail'), result('a/b/d', 'fail')],
    entry({ id: 'a/**' }),
    /too wide: it matches 2 tests, not 1/,
  ],
} as const;

for (const [name, [results, given, message]] of Object.entries(COMPLAINTS)) {
  t.test(`an entry that is ${name} excuses nothing and is a complaint`, async (t) => {
    const applied = applyKnownFailures(results, [given], TODAY);
    t.match(applied.complaints, [message]);
    t.strictSame(applied.results, results);
  });
}

for (const verdict of ['unproven', 'unsupported', 'unjudged', 'not-run'] as const) {
  t.test(`what is ${verdict} is no failure that could be known`, async (t) => {
    const given = [result('a/b/c', verdict)];
    const { results, complaints } = applyKnownFailures(given, [entry()], TODAY);
    t.strictSame(results, given);
    t.match(complaints, [/excuses nothing/]);
  });
}

t.test('a second entry for the same failure excuses nothing', async (t) => {
  const { complaints } = applyKnownFailures([result('a/b/c', 'fail')], [entry(), entry({ reason: 'parse' })], TODAY);
  t.match(complaints, [/excuses nothing/]);
});

t.test('a glob matches as many as it says, on its last day too', async (t) => {
  const given = entry({ id: 'a/**', matches: 2, expires: TODAY });
  const { results, complaints } = applyKnownFailures(
    [result('a/b/c', 'fail'), result('a/b/d', 'fail')],
    [given],
    TODAY,
  );
  t.strictSame(complaints, []);
  t.strictSame(
    results.map(({ verdict }) => verdict),
    ['known-failure', 'known-failure'],
  );
});

t.test('a file that is none is refused with its reason', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'known-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const path = join(dir, 'known.json');
  const load = async (content: unknown) => {
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return loadKnownFailures(path);
  };
  t.strictSame(await load({ known: [entry()] }), [entry()]);
  const refused = { exit: exitCodes.usage };
  await t.rejects(load('{'), { ...refused, message: /cannot be read/ });
  await t.rejects(load({}), { ...refused, message: /no list "known"/ });
  await t.rejects(load({ known: [{ ...entry(), issue: undefined }] }), {
    ...refused,
    message: /entry 1 .*issue is not a text/,
  });
  await t.rejects(load({ known: [entry({ reason: '(' })] }), { ...refused, message: /no regular expression/ });
  for (const expires of ['2026-13-45', '2099-02-31', '2026-6-15', '2026-06-15T00:00:00Z'])
    await t.rejects(load({ known: [entry({ expires })] }), { ...refused, message: /no date/ }, expires);
  for (const reason of ['.*', '(frame)?', 'x|'])
    await t.rejects(load({ known: [entry({ reason })] }), { ...refused, message: /matches everything/ }, reason);
  await t.rejects(load({ known: [entry({ matches: 0 })] }), { ...refused, message: /no count/ });
  await t.rejects(loadKnownFailures(join(dir, 'missing')), { ...refused, message: /ENOENT/ });
});
