import t from 'tap';
import { checkLessons } from '../lessons.ts';

const HEAD = '| id | rule | answered by |\n|---|---|---|\n';
const FORK = '| `lesson/fork` | Two envelopes in one place. | [a.test.ts](../core/test/a.test.ts) |\n';
const LATER = '| `F-001` `SR-002` | Several relays. | later: several relays |\n';
const named = { file: 'core/test/a.test.ts', text: "t.test('lesson/fork is seen', run);" };

t.test('a row whose test names it, and a row that later work owes, are fine', async (t) => {
  t.strictSame(checkLessons(HEAD + FORK + LATER, [named]), []);
});

t.test('an id without a row is told where it stands, in a source too', async (t) => {
  const source = { file: 'core/src/b.ts', text: '/** One. */\n/** Bounded. F-012 */' };
  t.strictSame(checkLessons(HEAD + FORK, [named, source]), [
    { file: 'core/src/b.ts', line: 2, message: 'names F-012, which is no row of docs/lessons.md' },
  ]);
});

t.test('a row is told when its test does not name it, with the test that does', async (t) => {
  const moved = { file: 'core/test/c.test.ts', text: named.text };
  const place = { file: 'docs/lessons.md', line: 3 };
  t.strictSame(checkLessons(HEAD + FORK, [moved]), [
    { ...place, message: 'core/test/a.test.ts does not name lesson/fork, but core/test/c.test.ts does' },
  ]);
  t.strictSame(checkLessons(HEAD + FORK, []), [
    { ...place, message: 'core/test/a.test.ts does not name lesson/fork, nor does any other test' },
  ]);
});

t.test('a row without a test and a row that is answered by now are told', async (t) => {
  const bare = '| `abuse/flood` | Many. | |\n';
  const answered = { file: 'test/one.test.ts', text: "t.test('SR-002 by now', run);" };
  t.strictSame(
    checkLessons(HEAD + bare + LATER, [answered]).map(({ message }) => message),
    ['abuse/flood names neither a test nor later work', 'SR-002 is for later, but test/one.test.ts names it'],
  );
});

t.test('ids of the spec, and words that look alike, are no lessons', async (t) => {
  const text = "import '../lesson/fork.ts'; // HS-04 F-0312 UTF-8 CLI-4 my-lesson/fork finding/R";
  t.strictSame(checkLessons('', [{ file: 'core/test/d.test.ts', text }]), []);
});
