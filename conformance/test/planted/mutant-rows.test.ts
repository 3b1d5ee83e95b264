import t from 'tap';
import { readMutants } from '../../src/planted/mutant-rows.ts';

const HEAD = '<!-- table: planted -->\n| name | file | from | to | killed by | what |\n|---|---|---|---|---|---|\n';

function read(...rows: string[]) {
  return readMutants([{ file: 'x.md', text: `${HEAD}${rows.join('\n')}\n` }]);
}

t.test('a row is a mistake, and a row without a name its second change', async (t) => {
  const rows = read(
    '| a-b | core/x.ts | `a \\|\\| ` | — | `relay/a/b client/c/*` | is wrong |',
    '| — | core/y.ts | `` `one`⏎two `` | `three` | — | — |',
  );
  t.strictSame(rows, [
    {
      name: 'a-b',
      what: 'is wrong',
      file: 'core/x.ts',
      from: 'a || ',
      to: '',
      killedBy: ['relay/a/b', 'client/c/*'],
      also: { file: 'core/y.ts', from: '`one`\ntwo', to: 'three' },
    },
  ]);
});

t.test('what cannot be read is named with its line', async (t) => {
  for (const [row, message] of [
    ['| A | x.ts | `a` | `b` | `relay/a` | w |', /x\.md:4: "A" is not lower-case words/],
    ['| a | x.ts | a | `b` | `relay/a` | w |', /x\.md:4: "a" does not stand in backticks/],
    ['| a | x.ts | — | `b` | `relay/a` | w |', /x\.md:4: a mistake changes an expression/],
    ['| a | x.ts | `a` | `b` | — | w |', /x\.md:4: a mistake names its scenarios/],
    ['| — | x.ts | `a` | `b` | — | — |', /x\.md:4: a second change follows a first one/],
  ] as const)
    t.throws(() => read(row), { name: 'DefectiveTables', message });
  const text = HEAD.replace('killed by', 'found by');
  t.throws(
    () => readMutants([{ file: 'x.md', text: `${text}| a | x | \`a\` | — | \`r/a\` | w |\n` }]),
    /columns are name, file/,
  );
});
