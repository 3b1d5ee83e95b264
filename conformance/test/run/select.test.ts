import t from 'tap';
import { matches, select, unmatched } from '../../src/run/select.ts';

const TESTS = [
  { id: 'frame/decode/whole' },
  { id: 'frame/decode/cut', twin: 'frame/decode/whole' },
  { id: 'frame/encode/empty' },
  { id: 'hs/xx/first?hs=hybrid' },
];
const ids = (only: readonly string[]) => select(TESTS, only).map(({ id }) => id);

t.test('a pattern is an id or a glob', async (t) => {
  t.ok(matches('hs/xx/first?hs=hybrid', 'hs/xx/first?hs=hybrid'));
  t.ok(matches('frame/decode/cut', 'frame/*/cut'));
  t.ok(matches('frame/decode/cut', 'frame/**'));
  t.notOk(matches('frame/decode/cut', 'frame/*'));
  t.notOk(matches('frame/decode/cut', 'frame/decode'));
});

t.test('without patterns everything; with a negative its control too', async (t) => {
  t.equal(ids([]).length, TESTS.length);
  t.strictSame(ids(['frame/decode/cut']), ['frame/decode/whole', 'frame/decode/cut']);
  t.strictSame(ids(['frame/encode/*', 'hs/**']), ['frame/encode/empty', 'hs/xx/first?hs=hybrid']);
  t.strictSame(ids(['nothing/**']), []);
});

t.test('patterns that match nothing are named', async (t) => {
  t.strictSame(unmatched(TESTS, ['frame/**', 'nothing', 'x/*']), ['nothing', 'x/*']);
});
