import t from 'tap';
import { readScenarios, readTests } from '../titles.ts';
import { readVectors } from '../vectors.ts';

t.test('TypeScript: first arguments of test and suite, in any quotes, and nothing else', async (t) => {
  const source = [
    "t.test('HS-04 it\\'s short', async () => {});",
    't.test(',
    '  `HS-05 each kind`,',
    '  async (t) => { t.ok(true, "HS-06 a message"); },',
    ');',
    'suite("HS-07 shared", run);',
    "const rows = ['HS-08', 'queued'];",
    'const text = "t.test(\'HS-09\', run)";',
  ].join('\n');
  t.strictSame(readTests('a.test.ts', source), [
    { line: 1, text: "HS-04 it's short" },
    { line: 2, text: 'HS-05 each kind' },
    { line: 6, text: 'HS-07 shared' },
  ]);
});

t.test('Python: functions that begin with test_, and the first line of what they say', async (t) => {
  const source = [
    'def helper_hs_01():',
    '    pass',
    '',
    'def test_hs_04_short_message(end) -> None:',
    '    """HS-08 out of turn',
    '    and more."""',
    '',
    'async def test_plain():',
    '    assert True',
  ].join('\n');
  t.strictSame(
    readTests('test_a.py', source).map(({ text }) => text),
    ['HS-04 short message: HS-08 out of turn', 'plain'],
  );
});

t.test('Rust: functions under #[test], and the documentation before them', async (t) => {
  const source = [
    'fn hs_01_no_test() {}',
    '/// HS-04, HS-05: cut short',
    '/// and extended',
    '#[test]',
    'fn lengths() {}',
    '#[test]',
    '#[should_panic]',
    'fn hs_09_counter() {}',
  ].join('\n');
  t.strictSame(
    readTests('tests/a.rs', source).map(({ text }) => text),
    ['lengths: HS-04, HS-05: cut short and extended', 'HS-09 counter'],
  );
});

t.test('other languages have no tests here', async (t) => {
  t.strictSame(readTests('a.md', "t.test('HS-04 no', run)"), []);
});

t.test('scenarios: the list of requirements, under the id that is its key', async (t) => {
  const source = [
    'export const acts = {',
    "  'relay/order/fresh': { requirements: ['RL-30', \"RL-43\"], run },",
    "  'relay/quota/full': {",
    "    title: 'it is full',",
    '    requirements: [',
    "      'RL-28',",
    '    ],',
    '  },',
    '};',
  ].join('\n');
  t.strictSame(readScenarios(source), [
    { line: 2, text: 'relay/order/fresh: RL-30, RL-43' },
    { line: 5, text: 'relay/quota/full: RL-28,' },
  ]);
});

t.test('vectors: req of the file and of the case', async (t) => {
  const source = JSON.stringify(
    { schema: 1, req: ['EN-20'], cases: [{ id: 'short', req: ['EN-04'] }, { id: 'plain' }] },
    null,
    1,
  );
  t.strictSame(readVectors(source), [
    { line: 8, text: 'short: EN-20 EN-04' },
    { line: 14, text: 'plain: EN-20' },
  ]);
  t.strictSame(readVectors('{"vectors":[]}'), []);
});
